using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tandem.Numerics.Trees;

/// <summary>Parts rows by the bin of one column, keeping their order.</summary>
public static class RowPartition
{
    /// <summary>Moves the rows whose bin goes left to the front.</summary>
    /// <param name="rows">Numbers of rows; those that go left are moved to the front of it.</param>
    /// <param name="column">Bin of each of all rows.</param>
    /// <param name="goesLeft">1 for each bin that goes left and 0 for the others, length 256.</param>
    /// <param name="right">Receives the others, as long as <paramref name="rows"/>; beyond them it holds chaff.</param>
    /// <returns>How many go left.</returns>
    /// <remarks>Without branches: which way a row goes cannot be foreseen. Both orders are kept.</remarks>
    public static int Split(Span<int> rows, ReadOnlySpan<byte> column, ReadOnlySpan<byte> goesLeft, Span<int> right)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(goesLeft.Length, GradientHistogram.BinCount, nameof(goesLeft));
        ArgumentOutOfRangeException.ThrowIfLessThan(right.Length, rows.Length, nameof(right));
        ref int at = ref MemoryMarshal.GetReference(rows);
        ref int other = ref MemoryMarshal.GetReference(right);
        ref byte bin = ref MemoryMarshal.GetReference(column);
        ref byte left = ref MemoryMarshal.GetReference(goesLeft);
        nint lefts = 0;
        nint rights = 0;
        for (nint i = 0; i < rows.Length; i++)
        {
            int row = Unsafe.Add(ref at, i);
            Unsafe.Add(ref at, lefts) = row;
            Unsafe.Add(ref other, rights) = row;
            nint isLeft = Unsafe.Add(ref left, (nint)Unsafe.Add(ref bin, row));
            lefts += isLeft;
            rights += 1 - isLeft;
        }

        return (int)lefts;
    }
}
