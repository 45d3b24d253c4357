using Tandem.Numerics.Native;

namespace Tandem.Numerics.Trees;

/// <summary>Finds the bins that numbers of a column fall into.</summary>
/// <remarks>A search by halves over 256 cuts, without a branch that depends on the value: 8 steps each.</remarks>
public static class BinSearch
{
    /// <summary>Cuts that a search needs.</summary>
    public const int CutCount = 256;

    /// <summary>Cuts as a search needs them: missing ones count as above all values.</summary>
    /// <param name="cuts">Greatest value of each bin but the last, ascending, at most 255.</param>
    public static float[] Pad(ReadOnlySpan<float> cuts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cuts.Length, CutCount, nameof(cuts));
        float[] padded = new float[CutCount];
        Array.Fill(padded, float.PositiveInfinity);
        cuts.CopyTo(padded);
        return padded;
    }

    /// <summary>The bin of a value: number of the cuts below it.</summary>
    /// <param name="padded">What <see cref="Pad"/> gave.</param>
    /// <param name="value">Any number but NaN.</param>
    public static int Find(ReadOnlySpan<float> padded, float value)
    {
        int at = 0;
        for (int step = CutCount / 2; step > 0; step >>= 1)
        {
            at += padded[at + step - 1] < value ? step : 0;
        }

        return at;
    }

    /// <summary>The bins of a column's values in a table.</summary>
    /// <param name="values">The table from the column's first value on.</param>
    /// <param name="stride">Columns of the table, ≥ 1.</param>
    /// <param name="padded">What <see cref="Pad"/> gave.</param>
    /// <param name="missing">Bin of NaN.</param>
    /// <param name="bins">Receives the bin of each row.</param>
    /// <returns>Whether a value was missing.</returns>
    public static bool Fill(
        ReadOnlySpan<float> values, int stride, ReadOnlySpan<float> padded, byte missing, Span<byte> bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(padded.Length, CutCount, nameof(padded));
        if (bins.Length == 0)
        {
            return false;
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(values.Length, (bins.Length - 1) * (long)stride, nameof(values));
        (int filled, bool hasMissing) = BinGather.Fill(values, stride, padded, missing, bins);
        for (int row = filled; row < bins.Length; row++)
        {
            float value = values[row * stride];
            bool isMissing = float.IsNaN(value);
            hasMissing |= isMissing;
            bins[row] = isMissing ? missing : (byte)Find(padded, value);
        }

        return hasMissing;
    }
}
