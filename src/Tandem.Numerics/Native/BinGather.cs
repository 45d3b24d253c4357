using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tandem.Numerics.Native;

/// <summary>The bins of sixteen values at once, by loads from sixteen places (AVX2).</summary>
internal static unsafe class BinGather
{
    private const int Lanes = 8;

    /// <summary>Fills bins while sixteen are left.</summary>
    /// <param name="values">Values; the first of the column comes first.</param>
    /// <param name="stride">Values from one of the column to its next.</param>
    /// <param name="cuts">256 cuts, ascending, the last of them infinite.</param>
    /// <param name="missing">Bin of NaN.</param>
    /// <param name="bins">Receives the bins.</param>
    /// <returns>How many were filled, and whether one of them was missing.</returns>
    public static (int Count, bool HasMissing) Fill(
        ReadOnlySpan<float> values, int stride, ReadOnlySpan<float> cuts, int missing, Span<byte> bins)
    {
        if (!Avx2.IsSupported || (long)stride * Lanes > int.MaxValue)
        {
            return (0, false);
        }

        int count = 0;
        Vector256<int> anyMissing = default;
        fixed (float* first = values, cut = cuts)
        {
            Vector256<int> lanes = Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7) * stride;
            for (; count + (2 * Lanes) <= bins.Length; count += 2 * Lanes)
            {
                float* at = first + ((long)count * stride);
                Vector256<float> x = Avx2.GatherVector256(at, lanes, sizeof(float));
                Vector256<float> y = Avx2.GatherVector256(at + ((long)Lanes * stride), lanes, sizeof(float));
                Vector256<int> binX = default;
                Vector256<int> binY = default;
                for (int step = 128; step > 0; step >>= 1)
                {
                    var steps = Vector256.Create(step);
                    float* from = cut + step - 1;
                    binX += Vector256.LessThan(Avx2.GatherVector256(from, binX, sizeof(float)), x).AsInt32() & steps;
                    binY += Vector256.LessThan(Avx2.GatherVector256(from, binY, sizeof(float)), y).AsInt32() & steps;
                }

                Vector256<int> noX = ~Vector256.Equals(x, x).AsInt32();
                Vector256<int> noY = ~Vector256.Equals(y, y).AsInt32();
                anyMissing |= noX | noY;
                binX = Vector256.ConditionalSelect(noX, Vector256.Create(missing), binX);
                binY = Vector256.ConditionalSelect(noY, Vector256.Create(missing), binY);
                var both = Vector256.Narrow(binX.AsUInt32(), binY.AsUInt32());
                Vector128.Narrow(both.GetLower(), both.GetUpper()).CopyTo(bins[count..]);
            }
        }

        return (count, anyMissing != Vector256<int>.Zero);
    }
}
