using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics.Trees;

/// <summary>Rounds first and second derivatives to whole numbers, at random but without bias, and packs them.</summary>
/// <remarks>A number x becomes ⌊x + u⌋ with u from [0, 1), drawn by a hash of its row: its mean is x. The idea is that
/// of Shi and others, <em>Quantized training of gradient boosting decision trees</em> (2022). The bits drawn are the same for any instruction set.</remarks>
public static class GradientPacking
{
    private const int Golden = -1640531527;
    private const int Mixer = 0x2C1B3C6D;

    /// <summary>Packs as <see cref="GradientHistogram.Pack"/> does.</summary>
    /// <param name="first">First derivatives.</param>
    /// <param name="second">Second derivatives, ≥ 0, as long.</param>
    /// <param name="firstScale">Factor that brings the first to −<paramref name="most"/> to it.</param>
    /// <param name="secondScale">Factor that brings the second to 0 to <paramref name="most"/>.</param>
    /// <param name="most">Greatest whole number of a row; times the rows, it must be below 2³¹.</param>
    /// <param name="row">Number of the first row.</param>
    /// <param name="draw">Fixes the draws, with the row.</param>
    /// <param name="packed">Receives the packed numbers, as long.</param>
    public static void Pack(
        ReadOnlySpan<float> first, ReadOnlySpan<float> second, float firstScale, float secondScale, int most, int row,
        int draw, Span<long> packed)
    {
        int i = 0;
        for (; i + Vector256<int>.Count <= packed.Length; i += Vector256<int>.Count)
        {
            Round(
                ref MemoryMarshal.GetReference(first), ref MemoryMarshal.GetReference(second), i, firstScale, secondScale,
                row, draw, most, out Vector256<int> g, out Vector256<int> h);
            (Vector256<long> lowG, Vector256<long> highG) = Vector256.Widen(g);
            (Vector256<long> lowH, Vector256<long> highH) = Vector256.Widen(h);
            ref long to = ref MemoryMarshal.GetReference(packed);
            (Vector256.ShiftLeft(lowG, 32) + lowH).StoreUnsafe(ref to, (nuint)i);
            (Vector256.ShiftLeft(highG, 32) + highH).StoreUnsafe(ref to, (nuint)i + 4);
        }

        for (; i < packed.Length; i++)
        {
            float u = Draw(row + i, draw);
            packed[i] = GradientHistogram.Pack(
                Round(first[i] * firstScale, u, -most, most), (uint)Round(second[i] * secondScale, u, 0, most));
        }
    }

    /// <summary>The greatest size, for the factors; NaN where a value is.</summary>
    /// <param name="values">Any numbers.</param>
    public static float Greatest(ReadOnlySpan<float> values)
    {
        Vector256<float> most = default;
        ref float at = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i + Vector256<float>.Count <= values.Length; i += Vector256<float>.Count)
        {
            most = Vector256.Max(most, Vector256.Abs(Vector256.LoadUnsafe(ref at, (nuint)i)));
        }

        float greatest = 0;
        for (int lane = 0; lane < Vector256<float>.Count; lane++)
        {
            greatest = MathF.Max(greatest, most[lane]);
        }

        for (; i < values.Length; i++)
        {
            greatest = MathF.Max(greatest, MathF.Abs(values[i]));
        }

        return greatest;
    }

    private static void Round(
        ref float first, ref float second, int i, float firstScale, float secondScale, int row, int draw, int most,
        out Vector256<int> g, out Vector256<int> h)
    {
        Vector256<int> hash = (Vector256.Create(row + i) + Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7)) * Golden;
        hash += Vector256.Create(draw);
        hash ^= Vector256.ShiftRightLogical(hash, 15);
        hash *= Mixer;
        hash ^= Vector256.ShiftRightLogical(hash, 13);
        hash *= Golden;
        Vector256<float> u = Vector256.ConvertToSingle(Vector256.ShiftRightLogical(hash, 9)) * (1f / (1 << 23));
        Vector256<float> x = Vector256.LoadUnsafe(ref first, (nuint)i) * firstScale;
        Vector256<float> y = Vector256.LoadUnsafe(ref second, (nuint)i) * secondScale;
        g = Vector256.ConvertToInt32Native(Vector256.Floor(x + u));
        h = Vector256.ConvertToInt32Native(Vector256.Floor(y + u));
        g = Vector256.Min(Vector256.Max(g, Vector256.Create(-most)), Vector256.Create(most));
        h = Vector256.Min(Vector256.Max(h, Vector256<int>.Zero), Vector256.Create(most));
    }

    private static int Round(float value, float u, int least, int most) =>
        Math.Clamp((int)MathF.Floor(value + u), least, most);

    private static float Draw(int row, int draw)
    {
        uint hash = (uint)unchecked((row * Golden) + draw);
        hash ^= hash >> 15;
        hash = unchecked(hash * (uint)Mixer);
        hash ^= hash >> 13;
        hash = unchecked(hash * (uint)Golden);
        return (hash >> 9) * (1f / (1 << 23));
    }
}
