using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tandem.Numerics.Native;

namespace Tandem.Numerics.Trees;

/// <summary>Sums of packed gradients by column and bin, over some of the rows.</summary>
/// <remarks>A packed gradient holds a signed and an unsigned number, so that one addition sums both: in 64 bits 32 and 32, in
/// 32 bits 16 and 16. Sums of integers are the same in any order, and so for any number of threads.</remarks>
public static class GradientHistogram
{
    /// <summary>Bins a column, whether used or not.</summary>
    public const int BinCount = 256;

    /// <summary>Columns of a block at most: the sums of so many in 32 bits stay in the cache next to a core.</summary>
    public const int BlockColumns = 32;

    /// <summary>Greatest size of the first number that packs into 32 bits: 1024 of them fit in 16.</summary>
    public const int NarrowFirst = 31;

    /// <summary>Greatest second number that packs into 32 bits.</summary>
    public const int NarrowSecond = 63;

    private const int RowsBetweenCarries = 1024;

    /// <summary>Rows whose bins and gradients are fetched before they are read.</summary>
    private const int Ahead = 24;

    private interface IPacked<T>
        where T : struct
    {
        static abstract long Widen(T packed);
    }

    /// <summary>Packs into 32 bits.</summary>
    /// <param name="first">From −31 to 31.</param>
    /// <param name="second">From 0 to 63.</param>
    public static int PackNarrow(int first, int second) => (first << 16) + second;

    /// <summary>Packs into 64 bits.</summary>
    /// <param name="first">Any.</param>
    /// <param name="second">≥ 0.</param>
    public static long PackWide(int first, uint second) => ((long)first << 32) + second;

    /// <summary>The first number of a packed sum.</summary>
    /// <param name="packed">The sum, in 64 bits.</param>
    public static int First(long packed) => (int)(packed >> 32);

    /// <summary>The second number of a packed sum.</summary>
    /// <param name="packed">The sum, in 64 bits.</param>
    public static uint Second(long packed) => (uint)packed;

    /// <summary>Adds rows whose gradients are packed into 64 bits.</summary>
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
        ThrowUnlessFits(columns, stride, sums.Length);
        AddWide<long, Wide>(bins, stride, columns, rows, gradients, sums);
    }

    /// <summary>Adds rows whose gradients are packed into 32 bits: in 32 bits first, carried over before these are
    /// full.</summary>
    /// <param name="bins">Bins of a block of columns, shape (all rows, <paramref name="stride"/>).</param>
    /// <param name="stride">Bytes a row, at least <paramref name="columns"/>.</param>
    /// <param name="columns">Columns of the block, 1 to <see cref="BlockColumns"/>.</param>
    /// <param name="rows">The rows to add.</param>
    /// <param name="gradients">Packed gradient of each of all rows.</param>
    /// <param name="carry">Work space of columns · 256, all 0 before and after.</param>
    /// <param name="sums">Sums to add to, shape (columns, 256).</param>
    public static void Add(
        ReadOnlySpan<byte> bins, int stride, int columns, ReadOnlySpan<int> rows, ReadOnlySpan<int> gradients,
        Span<int> carry, Span<long> sums)
    {
        ThrowUnlessFits(columns, stride, Math.Min(sums.Length, carry.Length));
        int start = 0;
        for (; rows.Length - start >= RowsBetweenCarries / 2; start += RowsBetweenCarries)
        {
            ReadOnlySpan<int> some = rows[start..Math.Min(rows.Length, start + RowsBetweenCarries)];
            AddNarrow(bins, stride, columns, some, gradients, carry);
            Carry(carry[..(columns * BinCount)], sums);
        }

        if (start < rows.Length)
        {
            AddWide<int, Narrow>(bins, stride, columns, rows[start..], gradients, sums);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddNarrow(
        ReadOnlySpan<byte> bins, int stride, int columns, ReadOnlySpan<int> rows, ReadOnlySpan<int> gradients,
        Span<int> sums)
    {
        ref byte first = ref MemoryMarshal.GetReference(bins);
        ref int gradient = ref MemoryMarshal.GetReference(gradients);
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            int next = rows[Math.Min(i + Ahead, rows.Length - 1)];
            Prefetch.Line(in Unsafe.Add(ref first, (nint)next * stride));
            Prefetch.Line(in Unsafe.As<int, byte>(ref Unsafe.Add(ref gradient, next)));
            ref byte bin = ref Unsafe.Add(ref first, (nint)row * stride);
            int value = Unsafe.Add(ref gradient, row);
            ref int at = ref MemoryMarshal.GetReference(sums);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddWide<T, TPacked>(
        ReadOnlySpan<byte> bins, int stride, int columns, ReadOnlySpan<int> rows, ReadOnlySpan<T> gradients,
        Span<long> sums)
        where T : struct
        where TPacked : struct, IPacked<T>
    {
        ref byte first = ref MemoryMarshal.GetReference(bins);
        ref T gradient = ref MemoryMarshal.GetReference(gradients);
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            int next = rows[Math.Min(i + Ahead, rows.Length - 1)];
            Prefetch.Line(in Unsafe.Add(ref first, (nint)next * stride));
            Prefetch.Line(in Unsafe.As<T, byte>(ref Unsafe.Add(ref gradient, next)));
            ref byte bin = ref Unsafe.Add(ref first, (nint)row * stride);
            long value = TPacked.Widen(Unsafe.Add(ref gradient, row));
            ref long at = ref MemoryMarshal.GetReference(sums);
            int left = columns;
            for (; left >= 4; left -= 4)
            {
                Unsafe.Add(ref at, (nint)bin) += value;
                Unsafe.Add(ref at, 256 + (nint)Unsafe.Add(ref bin, 1)) += value;
                Unsafe.Add(ref at, 512 + (nint)Unsafe.Add(ref bin, 2)) += value;
                Unsafe.Add(ref at, 768 + (nint)Unsafe.Add(ref bin, 3)) += value;
                at = ref Unsafe.Add(ref at, 1024);
                bin = ref Unsafe.Add(ref bin, 4);
            }

            for (; left > 0; left--)
            {
                Unsafe.Add(ref at, (nint)bin) += value;
                at = ref Unsafe.Add(ref at, 256);
                bin = ref Unsafe.Add(ref bin, 1);
            }
        }
    }

    /// <summary>Adds sums in 32 bits to those in 64, and clears them.</summary>
    private static void Carry(Span<int> narrow, Span<long> wide)
    {
        ref int from = ref MemoryMarshal.GetReference(narrow);
        ref long to = ref MemoryMarshal.GetReference(wide);
        var mask = Vector256.Create(0xFFFFL);
        for (nuint i = 0; i < (nuint)narrow.Length; i += 8)
        {
            var packed = Vector256.LoadUnsafe(ref from, i);
            Vector256<int>.Zero.StoreUnsafe(ref from, i);
            (Vector256<long> low, Vector256<long> high) = Vector256.Widen(packed);
            (Vector256.LoadUnsafe(ref to, i) + Vector256.ShiftLeft(low >> 16, 32) + (low & mask)).StoreUnsafe(ref to, i);
            (Vector256.LoadUnsafe(ref to, i + 4) + Vector256.ShiftLeft(high >> 16, 32) + (high & mask))
                .StoreUnsafe(ref to, i + 4);
        }
    }

    private static void ThrowUnlessFits(int columns, int stride, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, Math.Min(stride, BlockColumns));
        ArgumentOutOfRangeException.ThrowIfLessThan(length, columns * BinCount);
    }

    private readonly struct Wide : IPacked<long>
    {
        public static long Widen(long packed) => packed;
    }

    private readonly struct Narrow : IPacked<int>
    {
        public static long Widen(int packed) => ((long)(packed >> 16) << 32) + (packed & 0xFFFF);
    }
}
