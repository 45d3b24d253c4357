using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>Clipping of gradients by their length over all parameters.</summary>
internal static class GradientNorm
{
    private const int ElementsAtOnce = 4096;

    /// <summary>The sum of squares, in float64 over runs of 4,096.</summary>
    public static double SumOfSquares(ReadOnlySpan<float> gradients)
    {
        double sum = 0;
        for (int start = 0; start < gradients.Length; start += ElementsAtOnce)
        {
            ReadOnlySpan<float> part = gradients.Slice(start, Math.Min(ElementsAtOnce, gradients.Length - start));
            sum += Kernel.Dot(part, part);
        }

        return sum;
    }

    /// <summary>The factor that brings gradients of a length above the limit down to it, else 1; 0 where the length is no
    /// number, so that one bad step changes nothing.</summary>
    public static float Clip(double sumOfSquares, double limit)
    {
        double norm = Math.Sqrt(sumOfSquares);
        return double.IsFinite(norm) ? (float)(norm > limit ? limit / norm : 1) : 0;
    }
}
