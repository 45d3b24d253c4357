using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

public static partial class Kernel
{
    /// <summary>Derivatives of the log-loss by the score: p − y and p·(1 − p) with p = 1 / (1 + e^−score), both times the
    /// weight.</summary>
    /// <param name="scores">Log-odds, length n.</param>
    /// <param name="labels">y, 0 to 1, length n.</param>
    /// <param name="weights">Weights, length n; empty means 1.</param>
    /// <param name="first">Receives the first derivatives, length n.</param>
    /// <param name="second">Receives the second derivatives, length n.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void LogLossGradients(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<float> first,
        Span<float> second)
    {
        ThrowUnlessEqual(scores.Length, labels.Length);
        ThrowUnlessEqual(scores.Length, first.Length);
        ThrowUnlessEqual(scores.Length, second.Length);
        ref float x = ref MemoryMarshal.GetReference(scores);
        ref float y = ref MemoryMarshal.GetReference(labels);
        ref float g = ref MemoryMarshal.GetReference(first);
        ref float h = ref MemoryMarshal.GetReference(second);
        nuint n = (nuint)scores.Length;
        nuint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 16 <= n; i += 16)
            {
                Vector512<float> p = SigmoidFunction.Value(Vector512.LoadUnsafe(ref x, i));
                (p - Vector512.LoadUnsafe(ref y, i)).StoreUnsafe(ref g, i);
                (p * (Vector512<float>.One - p)).StoreUnsafe(ref h, i);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= n; i += 8)
            {
                Vector256<float> p = SigmoidFunction.Value(Vector256.LoadUnsafe(ref x, i));
                (p - Vector256.LoadUnsafe(ref y, i)).StoreUnsafe(ref g, i);
                (p * (Vector256<float>.One - p)).StoreUnsafe(ref h, i);
            }
        }

        for (; i < n; i++)
        {
            float p = SigmoidFunction.Value(scores[(int)i]);
            first[(int)i] = p - labels[(int)i];
            second[(int)i] = p * (1 - p);
        }

        if (!weights.IsEmpty)
        {
            MultiplyInto(weights, first);
            MultiplyInto(weights, second);
        }
    }
}
