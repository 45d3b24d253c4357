using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tandem.Numerics.Native;

namespace Tandem.Numerics.Trees;

/// <summary>Sums of packed gradients by column and bin, over some of the rows.</summary>
/// <remarks>A packed gradient holds a signed number and an unsigned one of 32 bits each, so that one addition sums both. Sums of
/// integers are the same in any order, and so for any number of threads.</remarks>
public static class GradientHistogram
{
    /// <summary>Bins a column, whether used or not.</summary>
    public const int BinCount = 256;

    /// <summary>Columns of a block at most: the bins of so many of a row are half a line of the cache, and their sums 64
    /// KiB.</summary>
    public const int BlockColumns = 32;

    /// <summary>Rows whose bins and gradients are fetched before they are read.</summary>
    private const int Ahead = 24;

    /// <summary>Packs two numbers.</summary>
    /// <param name="first">Any.</param>
    /// <param name="second">≥ 0.</param>
    public static long Pack(int first, uint second) => ((long)first << 32) + second;

    /// <summary>The first number of a packed sum.</summary>
    /// <param name="packed">The sum, in 64 bits.</param>
    public static int First(long packed) => (int)(packed >> 32);

    /// <summary>The second number of a packed sum.</summary>
    /// <param name="packed">The sum, in 64 bits.</param>
    public static uint Second(long packed) => (uint)packed;

    /// <summary>Adds rows.</summary>
    /// <param name="bins">Bins of a block of columns, shape (all rows, <paramref name="stride"/>).</param>
    /// <param name="stride">Bytes a row, at least <paramref name="columns"/>.</param>
    /// <param name="columns">Columns of the block, 1 to <see cref="BlockColumns"/>.</param>
    /// <param name="rows">The rows to add.</param>
    /// <param name="gradients">Packed gradient of each of all rows.</param>
    /// <param name="sums">Sums to add to, shape (columns, 256).</param>
    public static void Add(
        ReadOnlySpan<byte> bins, int stride, int columns, ReadOnlySpan<int> rows, ReadOnlySpan<long> gradients,
        Span<long> sums)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, BlockColumns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, stride);
        ArgumentOutOfRangeException.ThrowIfLessThan(sums.Length, columns * BinCount, nameof(sums));
        ref byte first = ref MemoryMarshal.GetReference(bins);
        ref long gradient = ref MemoryMarshal.GetReference(gradients);
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            int next = rows[Math.Min(i + Ahead, rows.Length - 1)];
            Prefetch.Line(in Unsafe.Add(ref first, (nint)next * stride));
            Prefetch.Line(in Unsafe.As<long, byte>(ref Unsafe.Add(ref gradient, next)));
            ref byte bin = ref Unsafe.Add(ref first, (nint)row * stride);
            long value = Unsafe.Add(ref gradient, row);
            ref long at = ref MemoryMarshal.GetReference(sums);
            int left = columns;
            for (; left >= 8; left -= 8)
            {
                Unsafe.Add(ref at, (nint)bin) += value;
                Unsafe.Add(ref at, 256 + (nint)Unsafe.Add(ref bin, 1)) += value;
                Unsafe.Add(ref at, 512 + (nint)Unsafe.Add(ref bin, 2)) += value;
                Unsafe.Add(ref at, 768 + (nint)Unsafe.Add(ref bin, 3)) += value;
                Unsafe.Add(ref at, 1024 + (nint)Unsafe.Add(ref bin, 4)) += value;
                Unsafe.Add(ref at, 1280 + (nint)Unsafe.Add(ref bin, 5)) += value;
                Unsafe.Add(ref at, 1536 + (nint)Unsafe.Add(ref bin, 6)) += value;
                Unsafe.Add(ref at, 1792 + (nint)Unsafe.Add(ref bin, 7)) += value;
                at = ref Unsafe.Add(ref at, 2048);
                bin = ref Unsafe.Add(ref bin, 8);
            }

            for (; left >= 2; left -= 2)
            {
                Unsafe.Add(ref at, (nint)bin) += value;
                Unsafe.Add(ref at, 256 + (nint)Unsafe.Add(ref bin, 1)) += value;
                at = ref Unsafe.Add(ref at, 512);
                bin = ref Unsafe.Add(ref bin, 2);
            }

            if (left > 0)
            {
                Unsafe.Add(ref at, (nint)bin) += value;
            }
        }
    }

    /// <summary>whole[i] ← whole[i] − part[i].</summary>
    /// <param name="part">Sums of some of the rows.</param>
    /// <param name="whole">Sums of all of them; become those of the others.</param>
    public static void Subtract(ReadOnlySpan<long> part, Span<long> whole)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(part.Length, whole.Length, nameof(part));
        ref long from = ref MemoryMarshal.GetReference(part);
        ref long to = ref MemoryMarshal.GetReference(whole);
        int i = 0;
        for (; i + Vector256<long>.Count <= whole.Length; i += Vector256<long>.Count)
        {
            (Vector256.LoadUnsafe(ref to, (nuint)i) - Vector256.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < whole.Length; i++)
        {
            whole[i] -= part[i];
        }
    }

    /// <summary>whole[i] ← whole[i] + part[i].</summary>
    /// <param name="part">Sums of more rows.</param>
    /// <param name="whole">Sums of some; become those of all.</param>
    public static void Merge(ReadOnlySpan<long> part, Span<long> whole)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(part.Length, whole.Length, nameof(part));
        ref long from = ref MemoryMarshal.GetReference(part);
        ref long to = ref MemoryMarshal.GetReference(whole);
        int i = 0;
        for (; i + Vector256<long>.Count <= whole.Length; i += Vector256<long>.Count)
        {
            (Vector256.LoadUnsafe(ref to, (nuint)i) + Vector256.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < whole.Length; i++)
        {
            whole[i] += part[i];
        }
    }
}
