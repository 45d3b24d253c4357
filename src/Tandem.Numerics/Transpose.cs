using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tandem.Numerics;

/// <summary>Transposes blocks of 16 × 16.</summary>
internal static class Transpose
{
    public const int Size = 16;

    /// <summary>Writes target[j, i] = source[i, j].</summary>
    public static void Block(ReadOnlySpan<float> source, int sourceStride, Span<float> target, int targetStride)
    {
        _ = source[((Size - 1) * sourceStride) + Size - 1];
        _ = target[((Size - 1) * targetStride) + Size - 1];
        ref float from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(target);
        if (Avx512F.IsSupported)
        {
            Wide(ref from, sourceStride, ref to, targetStride);
            return;
        }

        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
            {
                Unsafe.Add(ref to, (column * targetStride) + row) = Unsafe.Add(ref from, (row * sourceStride) + column);
            }
        }
    }

    /// <summary>Rows are exchanged at distances 8, 4, 2 and 1 by permutations of two registers.</summary>
    [SkipLocalsInit]
    private static void Wide(ref float from, nint fromStride, ref float to, nint toStride)
    {
        Span<Vector512<float>> rows = stackalloc Vector512<float>[Size];
        for (int row = 0; row < Size; row++)
        {
            rows[row] = Vector512.LoadUnsafe(ref Unsafe.Add(ref from, row * fromStride));
        }

        for (int distance = Size / 2; distance > 0; distance /= 2)
        {
            (Vector512<int> low, Vector512<int> high) = Picks(distance);
            for (int row = 0; row < Size; row++)
            {
                if ((row & distance) == 0)
                {
                    Vector512<float> upper = rows[row];
                    Vector512<float> lower = rows[row + distance];
                    rows[row] = Avx512F.PermuteVar16x32x2(upper, low, lower);
                    rows[row + distance] = Avx512F.PermuteVar16x32x2(upper, high, lower);
                }
            }
        }

        for (int row = 0; row < Size; row++)
        {
            rows[row].StoreUnsafe(ref Unsafe.Add(ref to, row * toStride));
        }
    }

    /// <summary>Elements of the first register (0–15) and the second (16–31) that make up the exchanged pair.</summary>
    private static (Vector512<int> Low, Vector512<int> High) Picks(int distance)
    {
        Vector512<int> lane = Vector512<int>.Indices;
        var isHigh = Vector512.Equals(lane & Vector512.Create(distance), Vector512.Create(distance));
        var low = Vector512.ConditionalSelect(isHigh, lane - Vector512.Create(distance) + Vector512.Create(Size), lane);
        var high = Vector512.ConditionalSelect(isHigh, lane + Vector512.Create(Size), lane + Vector512.Create(distance));
        return (low, high);
    }
}
