using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tandem.Numerics.Native;

namespace Tandem.Numerics;

public static partial class Kernel
{
    /// <summary>Adds what rows have in common with a vector: y ← y + Σₖ w[k]·(t − rows[k]·x)·rows[k]. With t = 1 it is a step
    /// towards rows[k]·x = 1, with t = 0 the product of −Σₖ w[k]·rows[k]·rows[k]ᵀ and x.</summary>
    /// <param name="rows">First row; row k begins k·<paramref name="stride"/> later.</param>
    /// <param name="stride">Distance between rows.</param>
    /// <param name="weights">One weight a row; their number is the number of rows.</param>
    /// <param name="target">t.</param>
    /// <param name="x">Vector of n elements.</param>
    /// <param name="y">Target of n elements, in none of the rows.</param>
    /// <param name="n">Number of elements, a multiple of 16.</param>
    /// <remarks>Four rows at a time: each is read twice while it is in the first cache.</remarks>
    internal static void AddProjections(
        ref float rows, int stride, ReadOnlySpan<float> weights, float target, ref float x, ref float y, int n)
    {
        int row = Vector512.IsHardwareAccelerated && n == 64
            ? Project64(new RowsInOrder(), ref rows, ref rows, stride, weights, target, ref x, ref y)
            : 0;
        for (; row + 4 <= weights.Length; row += 4)
        {
            ref float first = ref Unsafe.Add(ref rows, row * stride);
            if (Vector512.IsHardwareAccelerated)
            {
                Project512(ref first, stride, weights.Slice(row, 4), target, ref x, ref y, n);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                Project256(ref first, stride, weights.Slice(row, 4), target, ref x, ref y, n);
            }
            else
            {
                break;
            }
        }

        for (; row < weights.Length; row++)
        {
            ref float one = ref Unsafe.Add(ref rows, row * stride);
            AddScaled(weights[row] * (target - Dot(ref one, ref x, (nuint)n)), ref one, ref y, (nuint)n);
        }
    }

    /// <summary>The same with rows that are chosen from many, and copied side by side meanwhile: what waits for memory
    /// and what computes overlap.</summary>
    /// <param name="source">First row to choose from, without gaps between rows.</param>
    /// <param name="chosen">Which rows, within the source.</param>
    /// <param name="rows">Receives the rows, at a distance of <paramref name="stride"/>; beyond n elements left as it
    /// is.</param>
    /// <param name="stride">Distance between copied rows.</param>
    /// <param name="weights">One weight a row.</param>
    /// <param name="target">t.</param>
    /// <param name="x">Vector of as many elements as rows are padded to.</param>
    /// <param name="y">Target of as many.</param>
    /// <param name="size">Elements of a row.</param>
    /// <param name="n">The same, padded to a multiple of 16.</param>
    internal static void AddProjections(
        ref float source, ReadOnlySpan<int> chosen, ref float rows, int stride, ReadOnlySpan<float> weights,
        float target, ref float x, ref float y, int size, int n)
    {
        int done = Vector512.IsHardwareAccelerated && size == 64
            ? Project64(new RowsByNumber(chosen), ref source, ref rows, stride, weights, target, ref x, ref y)
            : 0;
        for (int row = done; row < chosen.Length; row++)
        {
            MemoryMarshal.CreateSpan(ref Unsafe.Add(ref source, (nint)chosen[row] * size), size).CopyTo(
                MemoryMarshal.CreateSpan(ref Unsafe.Add(ref rows, row * stride), size));
        }

        AddProjections(ref Unsafe.Add(ref rows, done * stride), stride, weights[done..], target, ref x, ref y, n);
    }

    /// <summary>Rows of 64 elements: x and y stay in registers, and each row is read once.</summary>
    /// <returns>Rows done, a multiple of four.</returns>
    private static int Project64<TRows>(
        TRows order, ref float source, ref float rows, int stride, ReadOnlySpan<float> weights, float target, ref float x,
        ref float y)
        where TRows : IRowOrder, allows ref struct
    {
        Vector512<float> x0 = Vector512.LoadUnsafe(ref x), x1 = Vector512.LoadUnsafe(ref x, 16);
        Vector512<float> x2 = Vector512.LoadUnsafe(ref x, 32), x3 = Vector512.LoadUnsafe(ref x, 48);
        Vector512<float> y0 = Vector512.LoadUnsafe(ref y), y1 = Vector512.LoadUnsafe(ref y, 16);
        Vector512<float> y2 = Vector512.LoadUnsafe(ref y, 32), y3 = Vector512.LoadUnsafe(ref y, 48);
        var wanted = Vector128.Create(target);
        int done = 0;
        for (; done + 4 <= weights.Length; done += 4)
        {
            ref float row = ref Unsafe.Add(ref source, order.StartOfFour(ref source, done, stride));
            Vector512<float> a0 = Vector512.LoadUnsafe(ref row), a1 = Vector512.LoadUnsafe(ref row, 16);
            Vector512<float> a2 = Vector512.LoadUnsafe(ref row, 32), a3 = Vector512.LoadUnsafe(ref row, 48);
            Vector512<float> a = Sum(a0 * x0, a1, x1, a2, x2, a3, x3);
            row = ref Unsafe.Add(ref source, order.Start(done + 1, stride));
            Vector512<float> b0 = Vector512.LoadUnsafe(ref row), b1 = Vector512.LoadUnsafe(ref row, 16);
            Vector512<float> b2 = Vector512.LoadUnsafe(ref row, 32), b3 = Vector512.LoadUnsafe(ref row, 48);
            Vector512<float> b = Sum(b0 * x0, b1, x1, b2, x2, b3, x3);
            row = ref Unsafe.Add(ref source, order.Start(done + 2, stride));
            Vector512<float> c0 = Vector512.LoadUnsafe(ref row), c1 = Vector512.LoadUnsafe(ref row, 16);
            Vector512<float> c2 = Vector512.LoadUnsafe(ref row, 32), c3 = Vector512.LoadUnsafe(ref row, 48);
            Vector512<float> c = Sum(c0 * x0, c1, x1, c2, x2, c3, x3);
            row = ref Unsafe.Add(ref source, order.Start(done + 3, stride));
            Vector512<float> d0 = Vector512.LoadUnsafe(ref row), d1 = Vector512.LoadUnsafe(ref row, 16);
            Vector512<float> d2 = Vector512.LoadUnsafe(ref row, 32), d3 = Vector512.LoadUnsafe(ref row, 48);
            Vector512<float> d = Sum(d0 * x0, d1, x1, d2, x2, d3, x3);
            if (TRows.Copies)
            {
                ref float copy = ref Unsafe.Add(ref rows, done * stride);
                Store(ref copy, a0, a1, a2, a3);
                Store(ref Unsafe.Add(ref copy, stride), b0, b1, b2, b3);
                Store(ref Unsafe.Add(ref copy, 2 * stride), c0, c1, c2, c3);
                Store(ref Unsafe.Add(ref copy, 3 * stride), d0, d1, d2, d3);
            }

            Vector128<float> steps = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(weights), (nuint)done)
                * (wanted - SumEach(
                    a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper(), c.GetLower() + c.GetUpper(),
                    d.GetLower() + d.GetUpper()));
            a = Vector512.Create(steps.GetElement(0));
            b = Vector512.Create(steps.GetElement(1));
            c = Vector512.Create(steps.GetElement(2));
            d = Vector512.Create(steps.GetElement(3));
            y0 = Sum(y0, a, a0, b, b0, c, c0, d, d0);
            y1 = Sum(y1, a, a1, b, b1, c, c1, d, d1);
            y2 = Sum(y2, a, a2, b, b2, c, c2, d, d2);
            y3 = Sum(y3, a, a3, b, b3, c, c3, d, d3);
        }

        Store(ref y, y0, y1, y2, y3);
        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        ref float target, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        a.StoreUnsafe(ref target);
        b.StoreUnsafe(ref target, 16);
        c.StoreUnsafe(ref target, 32);
        d.StoreUnsafe(ref target, 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sum(
        Vector512<float> sum, Vector512<float> a, Vector512<float> x, Vector512<float> b, Vector512<float> y,
        Vector512<float> c, Vector512<float> z) =>
        Vector512.FusedMultiplyAdd(
            c, z, Vector512.FusedMultiplyAdd(b, y, Vector512.FusedMultiplyAdd(a, x, sum)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sum(
        Vector512<float> sum, Vector512<float> a, Vector512<float> x, Vector512<float> b, Vector512<float> y,
        Vector512<float> c, Vector512<float> z, Vector512<float> d, Vector512<float> w) =>
        Vector512.FusedMultiplyAdd(d, w, Sum(sum, a, x, b, y, c, z));

    private static void Project512(
        ref float rows, int stride, ReadOnlySpan<float> weights, float target, ref float x, ref float y, int n)
    {
        ref float second = ref Unsafe.Add(ref rows, stride);
        ref float third = ref Unsafe.Add(ref second, stride);
        ref float fourth = ref Unsafe.Add(ref third, stride);
        Vector512<float> a = default, b = default, c = default, d = default;
        for (nuint i = 0; i < (nuint)n; i += 16)
        {
            var part = Vector512.LoadUnsafe(ref x, i);
            a = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref rows, i), part, a);
            b = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref second, i), part, b);
            c = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref third, i), part, c);
            d = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref fourth, i), part, d);
        }

        Vector128<float> steps = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(weights))
            * (Vector128.Create(target) - SumEach(
                a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper(), c.GetLower() + c.GetUpper(),
                d.GetLower() + d.GetUpper()));
        a = Vector512.Create(steps.GetElement(0));
        b = Vector512.Create(steps.GetElement(1));
        c = Vector512.Create(steps.GetElement(2));
        d = Vector512.Create(steps.GetElement(3));
        for (nuint i = 0; i < (nuint)n; i += 16)
        {
            var sum = Vector512.LoadUnsafe(ref y, i);
            sum = Vector512.FusedMultiplyAdd(a, Vector512.LoadUnsafe(ref rows, i), sum);
            sum = Vector512.FusedMultiplyAdd(b, Vector512.LoadUnsafe(ref second, i), sum);
            sum = Vector512.FusedMultiplyAdd(c, Vector512.LoadUnsafe(ref third, i), sum);
            sum = Vector512.FusedMultiplyAdd(d, Vector512.LoadUnsafe(ref fourth, i), sum);
            sum.StoreUnsafe(ref y, i);
        }
    }

    private static void Project256(
        ref float rows, int stride, ReadOnlySpan<float> weights, float target, ref float x, ref float y, int n)
    {
        ref float second = ref Unsafe.Add(ref rows, stride);
        ref float third = ref Unsafe.Add(ref second, stride);
        ref float fourth = ref Unsafe.Add(ref third, stride);
        Vector256<float> a = default, b = default, c = default, d = default;
        for (nuint i = 0; i < (nuint)n; i += 8)
        {
            var part = Vector256.LoadUnsafe(ref x, i);
            a = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref rows, i), part, a);
            b = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref second, i), part, b);
            c = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref third, i), part, c);
            d = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref fourth, i), part, d);
        }

        Vector128<float> steps = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(weights))
            * (Vector128.Create(target) - SumEach(a, b, c, d));
        a = Vector256.Create(steps.GetElement(0));
        b = Vector256.Create(steps.GetElement(1));
        c = Vector256.Create(steps.GetElement(2));
        d = Vector256.Create(steps.GetElement(3));
        for (nuint i = 0; i < (nuint)n; i += 8)
        {
            var sum = Vector256.LoadUnsafe(ref y, i);
            sum = Vector256.FusedMultiplyAdd(a, Vector256.LoadUnsafe(ref rows, i), sum);
            sum = Vector256.FusedMultiplyAdd(b, Vector256.LoadUnsafe(ref second, i), sum);
            sum = Vector256.FusedMultiplyAdd(c, Vector256.LoadUnsafe(ref third, i), sum);
            sum = Vector256.FusedMultiplyAdd(d, Vector256.LoadUnsafe(ref fourth, i), sum);
            sum.StoreUnsafe(ref y, i);
        }
    }

    /// <summary>The sums of four vectors, side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> SumEach(
        Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        Vector128<float> first = a.GetLower() + a.GetUpper();
        Vector128<float> second = b.GetLower() + b.GetUpper();
        Vector128<float> third = c.GetLower() + c.GetUpper();
        Vector128<float> fourth = d.GetLower() + d.GetUpper();
        return Sse3.IsSupported
            ? Sse3.HorizontalAdd(Sse3.HorizontalAdd(first, second), Sse3.HorizontalAdd(third, fourth))
            : Vector128.Create(
                Vector128.Sum(first), Vector128.Sum(second), Vector128.Sum(third), Vector128.Sum(fourth));
    }

    /// <summary>Where rows lie; known when the loop is compiled, so that it costs nothing.</summary>
    private interface IRowOrder
    {
        static abstract bool Copies { get; }

        nint Start(int row, int stride);

        /// <summary>The same of the first of four rows; asks for those of some turns later.</summary>
        nint StartOfFour(ref float source, int row, int stride);
    }

    private readonly struct RowsInOrder : IRowOrder
    {
        public static bool Copies => false;

        public nint Start(int row, int stride) => (nint)row * stride;

        public nint StartOfFour(ref float source, int row, int stride) => Start(row, stride);
    }

    private readonly ref struct RowsByNumber(ReadOnlySpan<int> chosen) : IRowOrder
    {
        // Rows ahead: as long as memory takes to answer, and few enough to stay in the first cache.
        private const int Ahead = 16;

        private readonly ReadOnlySpan<int> _chosen = chosen;

        public static bool Copies => true;

        public nint Start(int row, int stride) => (nint)_chosen[row] * 64;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nint StartOfFour(ref float source, int row, int stride)
        {
            for (int next = row + Ahead; next < Math.Min(row + Ahead + 4, _chosen.Length); next++)
            {
                ref byte line = ref Unsafe.As<float, byte>(ref Unsafe.Add(ref source, Start(next, stride)));
                Prefetch.Line(in line);
                Prefetch.Line(in Unsafe.Add(ref line, 64));
                Prefetch.Line(in Unsafe.Add(ref line, 128));
                Prefetch.Line(in Unsafe.Add(ref line, 192));
            }

            return Start(row, stride);
        }
    }
}
