using Tandem.Numerics;

namespace Tandem.Bench.Nearest;

/// <summary>Vectors of length 1 around four thousand centres that overlap, with less and less in later dimensions, as factors
/// of items have.</summary>
internal static class NearestVectors
{
    public const int Dimension = 64;

    private const int CentreCount = 4000;

    public static Matrix Make(int count, ulong stream)
    {
        SeededRandom random = new(77);
        float[] centres = new float[CentreCount * Dimension];
        for (int i = 0; i < centres.Length; i++)
        {
            centres[i] = (float)(random.NextGaussian() * Spread(i % Dimension));
        }

        random = new SeededRandom(stream, stream: 3);
        Matrix made = new(count, Dimension);
        for (int row = 0; row < count; row++)
        {
            int centre = random.NextInt(CentreCount);
            Span<float> vector = made.Row(row);
            for (int i = 0; i < Dimension; i++)
            {
                vector[i] = (float)(centres[(centre * Dimension) + i] + (random.NextGaussian() * Spread(i)));
            }

            Kernel.Scale(1 / MathF.Sqrt(Kernel.Dot(vector, vector)), vector);
        }

        return made;
    }

    private static double Spread(int dimension) => 1 / Math.Sqrt(1 + (dimension / 8.0));
}
