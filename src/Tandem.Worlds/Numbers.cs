using Tandem.Numerics;

namespace Tandem.Worlds;

/// <summary>The few formulas that several parts of the world share.</summary>
internal static class Numbers
{
    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));

    /// <summary>Fills a vector with a direction drawn evenly from the sphere, unit length.</summary>
    public static void RandomDirection(ref SeededRandom random, Span<float> direction)
    {
        for (int i = 0; i < direction.Length; i++)
        {
            direction[i] = (float)random.NextGaussian();
        }

        Normalise(direction);
    }

    /// <summary>Scales a vector to unit length.</summary>
    public static void Normalise(Span<float> vector)
    {
        Kernel.Scale(1 / MathF.Sqrt(Math.Max(Kernel.Dot(vector, vector), 1e-12f)), vector);
    }

    /// <summary>Turns a uniform number into an index, with probabilities in proportion to weights.</summary>
    /// <param name="cumulative">Running sums of the weights.</param>
    /// <param name="count">How many of them take part, at least 1.</param>
    /// <param name="uniform">From [0, 1).</param>
    public static int DrawIndex(double[] cumulative, int count, double uniform)
    {
        double target = uniform * cumulative[count - 1];
        int low = 0;
        int high = count - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (cumulative[middle] > target)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
