using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tandem.Numerics.Native;

namespace Tandem.Numerics.Codes;

/// <summary>Vectors as codes in rows, one after the other, for those who pick single vectors.</summary>
/// <remarks>A row is one signed byte a dimension, filled up with zeros to a multiple of 32, or of 64 above 32: a whole
/// number of cache lines. Every instruction set gives the same products.</remarks>
public static class CodeRows
{
    private const int Step = 32;

    /// <summary>Bytes of a row.</summary>
    /// <param name="dimension">Length of the vectors.</param>
    public static int StrideOf(int dimension) => dimension <= Step ? Step : (dimension + 63) / 64 * 64;

    /// <summary>Scores some rows against a query.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="scales">Scale of each row.</param>
    /// <param name="ids">Which rows.</param>
    /// <param name="query">The query. Scores are in units of its scale.</param>
    /// <param name="scores">Receives the scores, length at least that of <paramref name="ids"/>.</param>
    /// <remarks>Fetches all rows before it reads the first. Allocates nothing.</remarks>
    public static void Score(
        ReadOnlySpan<byte> rows, ReadOnlySpan<float> scales, ReadOnlySpan<int> ids, CodeQuery query, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(query);
        int stride = StrideOf(query.Dimension);
        Fetch(rows, scales, ids, stride);
        ref readonly int words = ref MemoryMarshal.GetReference(query.Words);
        for (int i = 0; i < ids.Length; i++)
        {
            int id = ids[i];
            scores[i] = scales[id] * Dot(in rows[checked(id * stride)], in words, stride);
        }
    }

    /// <summary>The inner product of two rows.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="scales">Scale of each row.</param>
    /// <param name="one">A row.</param>
    /// <param name="other">Another, or the same.</param>
    /// <param name="dimension">Length of the vectors.</param>
    public static float Product(
        ReadOnlySpan<byte> rows, ReadOnlySpan<float> scales, int one, int other, int dimension)
    {
        int stride = StrideOf(dimension);
        ReadOnlySpan<int> words = MemoryMarshal.Cast<byte, int>(rows.Slice(other * stride, stride));
        return scales[one] * scales[other] * Dot(in rows.Slice(one * stride, stride)[0], in words[0], stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Dot(ref readonly byte row, ref readonly int words, int stride) =>
        AvxVnni.IsSupported ? DotVnni(in row, in words, stride)
            : Avx2.IsSupported ? DotAvx2(in row, in words, stride)
            : DotScalar(in row, in words, stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int DotVnni(ref readonly byte row, ref readonly int words, int stride)
    {
        Vector256<int> sum = Vector256<int>.Zero;
        for (nuint i = 0; i < (nuint)stride; i += Step)
        {
            Vector256<sbyte> x = Vector256.LoadUnsafe(in row, i).AsSByte();
            Vector256<sbyte> q = Vector256.LoadUnsafe(in words, i / 4).AsSByte();
            sum = AvxVnni.MultiplyWideningAndAdd(sum, Avx2.Abs(q), Avx2.Sign(x, q));
        }

        return Vector256.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int DotAvx2(ref readonly byte row, ref readonly int words, int stride)
    {
        Vector256<int> sum = Vector256<int>.Zero;
        for (nuint i = 0; i < (nuint)stride; i += Step)
        {
            Vector256<sbyte> x = Vector256.LoadUnsafe(in row, i).AsSByte();
            Vector256<sbyte> q = Vector256.LoadUnsafe(in words, i / 4).AsSByte();
            sum += Avx2.MultiplyAddAdjacent(
                Avx2.MultiplyAddAdjacent(Avx2.Abs(q), Avx2.Sign(x, q)), Vector256<short>.One);
        }

        return Vector256.Sum(sum);
    }

    internal static int DotScalar(ref readonly byte row, ref readonly int words, int stride)
    {
        ref byte query = ref Unsafe.As<int, byte>(ref Unsafe.AsRef(in words));
        int sum = 0;
        for (int i = 0; i < stride; i++)
        {
            sum += (sbyte)Unsafe.Add(ref Unsafe.AsRef(in row), i) * (sbyte)Unsafe.Add(ref query, i);
        }

        return sum;
    }

    private static void Fetch(ReadOnlySpan<byte> rows, ReadOnlySpan<float> scales, ReadOnlySpan<int> ids, int stride)
    {
        ReadOnlySpan<byte> sizes = MemoryMarshal.AsBytes(scales);
        foreach (int id in ids)
        {
            Prefetch.Line(in sizes[id * sizeof(float)]);
            ref readonly byte row = ref rows[id * stride];
            for (nint line = 0; line < stride; line += AlignedBytes.Line)
            {
                Prefetch.Line(in Unsafe.Add(ref Unsafe.AsRef(in row), line));
            }
        }
    }
}
