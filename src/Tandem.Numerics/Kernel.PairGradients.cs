using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

public static partial class Kernel
{
    /// <summary>Keeps the weight of a pair finite where the scores are equal.</summary>
    private const float ScoreGap = 0.01f;

    /// <summary>Adds the derivatives of the pairwise logistic loss of one place of a list with all places behind
    /// it.</summary>
    /// <param name="top">The place.</param>
    /// <param name="scores">Scores by place, falling, length n.</param>
    /// <param name="gains">Gains by place, length n; pairs of equal ones do not count.</param>
    /// <param name="discounts">Discounts by place, falling, length n: a pair weighs |Δgain · Δdiscount| · scale, less the
    /// further its scores lie apart. Empty: pairs weigh 1.</param>
    /// <param name="scale">Factor of the weights.</param>
    /// <param name="first">First derivatives by place, length n, added to.</param>
    /// <param name="second">Second derivatives by place, length n, added to.</param>
    /// <returns>Sum of the sizes of the first derivatives, both sides of a pair counted.</returns>
    /// <remarks>With a the better of a pair and b the other, p = 1 / (1 + e^(sa − sb)): first −w·p and w·p, second
    /// w·p·(1 − p).</remarks>
    public static double PairGradients(
        int top, ReadOnlySpan<float> scores, ReadOnlySpan<float> gains, ReadOnlySpan<float> discounts, float scale,
        Span<float> first, Span<float> second)
    {
        ThrowUnlessEqual(scores.Length, gains.Length);
        ThrowUnlessEqual(scores.Length, first.Length);
        ThrowUnlessEqual(scores.Length, second.Length);
        bool isWeighted = !discounts.IsEmpty;
        bool isSpread = scores[0] != scores[^1];
        PairSums sums = default;
        int i = top + 1;
        if (Vector256.IsHardwareAccelerated)
        {
            i = PairsByEight(top, scores, gains, discounts, scale, first, second, ref sums);
        }

        for (; i < scores.Length; i++)
        {
            float apart = scores[top] - scores[i];
            float better = gains[top] - gains[i];
            float weight = isWeighted
                ? MathF.Abs(better) * scale * (discounts[top] - discounts[i])
                : better == 0 ? 0 : 1;
            float gap = isWeighted && isSpread ? ScoreGap + apart : 1;
            float sign = float.IsNegative(better) ? -1 : 1;
            float both = 1 / (gap * (1 + Exp(sign * apart)));
            float p = both * gap;
            float lambda = weight * both;
            float curve = lambda * (1 - p);
            sums.Sizes += lambda;
            sums.First += sign * lambda;
            sums.Second += curve;
            first[i] += sign * lambda;
            second[i] += curve;
        }

        first[top] -= sums.First;
        second[top] += sums.Second;
        return 2.0 * sums.Sizes;
    }

    private static int PairsByEight(
        int top, ReadOnlySpan<float> scores, ReadOnlySpan<float> gains, ReadOnlySpan<float> discounts, float scale,
        Span<float> first, Span<float> second, ref PairSums sums)
    {
        bool isWeighted = !discounts.IsEmpty;
        bool isSpread = scores[0] != scores[^1];
        Vector256<float> firsts = default, seconds = default, sizes = default;
        ref float score = ref MemoryMarshal.GetReference(scores);
        ref float gain = ref MemoryMarshal.GetReference(gains);
        ref float discount = ref MemoryMarshal.GetReference(discounts);
        ref float g = ref MemoryMarshal.GetReference(first);
        ref float h = ref MemoryMarshal.GetReference(second);
        int i = top + 1;
        for (; i + 8 <= scores.Length; i += 8)
        {
            nuint at = (nuint)i;
            Vector256<float> apart = Vector256.Create(scores[top]) - Vector256.LoadUnsafe(ref score, at);
            Vector256<float> better = Vector256.Create(gains[top]) - Vector256.LoadUnsafe(ref gain, at);
            Vector256<float> weight = isWeighted
                ? Vector256.Abs(better) * scale * (Vector256.Create(discounts[top]) - Vector256.LoadUnsafe(ref discount, at))
                : Vector256.ConditionalSelect(
                    Vector256.Equals(better, Vector256<float>.Zero), Vector256<float>.Zero, Vector256<float>.One);
            Vector256<float> gap = isWeighted && isSpread ? Vector256.Create(ScoreGap) + apart : Vector256<float>.One;

            // The sign of the difference in gain: which of the two is the better.
            Vector256<uint> sign = better.AsUInt32() & Vector256.Create(0x80000000u);

            // One division for p and for the weight's.
            Vector256<float> both = Vector256<float>.One
                / (gap * (Vector256<float>.One + Exp((apart.AsUInt32() ^ sign).AsSingle())));
            Vector256<float> p = both * gap;
            Vector256<float> lambda = weight * both;
            Vector256<float> curve = lambda * (Vector256<float>.One - p);
            Vector256<float> signed = (lambda.AsUInt32() ^ sign).AsSingle();
            sizes += lambda;
            firsts += signed;
            seconds += curve;
            (Vector256.LoadUnsafe(ref g, at) + signed).StoreUnsafe(ref g, at);
            (Vector256.LoadUnsafe(ref h, at) + curve).StoreUnsafe(ref h, at);
        }

        sums = new PairSums
        {
            First = Vector256.Sum(firsts),
            Second = Vector256.Sum(seconds),
            Sizes = Vector256.Sum(sizes),
        };
        return i;
    }

    private struct PairSums
    {
        public float First;
        public float Second;
        public float Sizes;
    }
}
