using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

public static partial class Kernel
{
    /// <summary>The largest of each 2 × 2 square of places, channel by channel: of two rows of a picture one of half the
    /// width.</summary>
    /// <param name="upper">Upper row: places one after another, each with its channels; 2n places are read.</param>
    /// <param name="lower">Lower row, as long.</param>
    /// <param name="channels">Channels of a place, ≥ 1.</param>
    /// <param name="y">Receives n places.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public static void PoolRows(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, int channels, Span<float> y)
    {
        ThrowUnlessPooled(upper.Length, lower.Length, channels, y.Length);
        ref float above = ref MemoryMarshal.GetReference(upper);
        ref float below = ref MemoryMarshal.GetReference(lower);
        ref float target = ref MemoryMarshal.GetReference(y);
        nuint next = (nuint)channels;
        for (int start = 0; start < y.Length; start += channels)
        {
            nuint to = (nuint)start;
            nuint from = 2 * to;
            nuint end = to + next;
            for (; Vector256.IsHardwareAccelerated && to + 8 <= end; to += 8, from += 8)
            {
                var a = Vector256.Max(Vector256.LoadUnsafe(ref above, from), Vector256.LoadUnsafe(ref above, from + next));
                var b = Vector256.Max(Vector256.LoadUnsafe(ref below, from), Vector256.LoadUnsafe(ref below, from + next));
                Vector256.Max(a, b).StoreUnsafe(ref target, to);
            }

            for (; to < end; to++, from++)
            {
                int at = (int)from;
                y[(int)to] = MathF.Max(
                    MathF.Max(upper[at], upper[at + channels]), MathF.Max(lower[at], lower[at + channels]));
            }
        }
    }

    /// <summary>The derivative of <see cref="PoolRows"/> times a gradient: it goes to the first place of each square that is
    /// its largest, the other three receive 0.</summary>
    /// <param name="upper">Upper row.</param>
    /// <param name="lower">Lower row.</param>
    /// <param name="channels">Channels of a place, ≥ 1.</param>
    /// <param name="gradient">Gradient of the n places.</param>
    /// <param name="upperGradient">Receives that of the upper row.</param>
    /// <param name="lowerGradient">Receives that of the lower row.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public static void PoolRowsBackward(
        ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, int channels, ReadOnlySpan<float> gradient,
        Span<float> upperGradient, Span<float> lowerGradient)
    {
        ThrowUnlessPooled(upper.Length, lower.Length, channels, gradient.Length);
        ThrowUnlessPooled(upperGradient.Length, lowerGradient.Length, channels, gradient.Length);
        ref float above = ref MemoryMarshal.GetReference(upper);
        ref float below = ref MemoryMarshal.GetReference(lower);
        ref float slopes = ref MemoryMarshal.GetReference(gradient);
        ref float aboveSlopes = ref MemoryMarshal.GetReference(upperGradient);
        ref float belowSlopes = ref MemoryMarshal.GetReference(lowerGradient);
        nuint next = (nuint)channels;
        for (int start = 0; start < gradient.Length; start += channels)
        {
            nuint to = (nuint)start;
            nuint from = 2 * to;
            nuint end = to + next;
            for (; Vector256.IsHardwareAccelerated && to + 8 <= end; to += 8, from += 8)
            {
                var a = Vector256.LoadUnsafe(ref above, from);
                var b = Vector256.LoadUnsafe(ref above, from + next);
                var c = Vector256.LoadUnsafe(ref below, from);
                var d = Vector256.LoadUnsafe(ref below, from + next);
                var slope = Vector256.LoadUnsafe(ref slopes, to);
                var most = Vector256.Max(Vector256.Max(a, b), Vector256.Max(c, d));
                var isA = Vector256.Equals(a, most);
                var isB = Vector256.AndNot(Vector256.Equals(b, most), isA);
                Vector256<float> taken = isA | isB;
                var isC = Vector256.AndNot(Vector256.Equals(c, most), taken);
                taken |= isC;
                (slope & isA).StoreUnsafe(ref aboveSlopes, from);
                (slope & isB).StoreUnsafe(ref aboveSlopes, from + next);
                (slope & isC).StoreUnsafe(ref belowSlopes, from);
                Vector256.AndNot(slope, taken).StoreUnsafe(ref belowSlopes, from + next);
            }

            for (; to < end; to++, from++)
            {
                int at = (int)from;
                float slope = gradient[(int)to];
                (float a, float b, float c, float d) = (upper[at], upper[at + channels], lower[at], lower[at + channels]);
                float most = MathF.Max(MathF.Max(a, b), MathF.Max(c, d));
                int chosen = a == most ? 0 : b == most ? 1 : c == most ? 2 : 3;
                upperGradient[at] = chosen == 0 ? slope : 0;
                upperGradient[at + channels] = chosen == 1 ? slope : 0;
                lowerGradient[at] = chosen == 2 ? slope : 0;
                lowerGradient[at + channels] = chosen == 3 ? slope : 0;
            }
        }
    }

    private static void ThrowUnlessPooled(int upper, int lower, int channels, int pooled)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (pooled % channels != 0 || upper < 2 * pooled || lower < 2 * pooled)
        {
            throw new ArgumentException(
                $"{pooled} values of {channels} channels do not come of rows of {upper} and {lower}.", nameof(pooled));
        }
    }
}
