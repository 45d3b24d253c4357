using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tandem.Numerics.Trees;

/// <summary>Small trees laid out to be asked for sixteen rows at once, without a branch that depends on a value.</summary>
/// <remarks>Each row has a bit for each leaf. Every split that sends the row right clears the bits of the leaves on its
/// left; the lowest bit that is left is the row's leaf, in whatever order the splits were asked (Lucchese and others,
/// <em>QuickScorer</em>, 2015). Here the bits of sixteen rows stay in one register while a tree's splits stream by.</remarks>
public sealed class LaneForest
{
    /// <summary>Rows that are asked for at once.</summary>
    public const int Lanes = 16;

    /// <summary>Leaves that a tree may have.</summary>
    public const int LeafCount = 32;

    private readonly int[] _starts;
    private readonly int[] _slots;
    private readonly float[] _thresholds;
    private readonly uint[] _masks;
    private readonly int[] _setStarts;
    private readonly uint[] _sets;
    private readonly float[] _leaves;

    internal LaneForest(
        int[] starts, int[] slots, float[] thresholds, uint[] masks, int[] setStarts, uint[] sets, float[] leaves)
    {
        _starts = starts;
        _slots = slots;
        _thresholds = thresholds;
        _masks = masks;
        _setStarts = setStarts;
        _sets = sets;
        _leaves = leaves;
    }

    /// <summary>Number of trees.</summary>
    public int TreeCount => _leaves.Length / LeafCount;

    /// <summary>Adds what some trees give to sixteen rows.</summary>
    /// <param name="values">Values, shape (slots, 16): one row a lane.</param>
    /// <param name="first">First tree.</param>
    /// <param name="end">Tree after the last.</param>
    /// <param name="sums">Sixteen sums to add to.</param>
    /// <remarks>Trees are added in their order, so the sums are the same for any instruction set. Allocates
    /// nothing.</remarks>
    public void Add(ReadOnlySpan<float> values, int first, int end, Span<float> sums)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Length, Lanes, nameof(sums));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, TreeCount);
        if (Vector512.IsHardwareAccelerated && Avx512CD.IsSupported)
        {
            AddSixteen(values, first, end, sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            AddEight(values, first, end, 0, sums);
            AddEight(values, first, end, 8, sums);
        }
        else
        {
            AddOneByOne(values, first, end, sums);
        }
    }

    internal void AddSixteen(ReadOnlySpan<float> values, int first, int end, Span<float> sums)
    {
        ref float value = ref MemoryMarshal.GetReference(values);
        ref float leaf = ref MemoryMarshal.GetArrayDataReference(_leaves);
        var sum = Vector512.Create<float>(sums);
        Span<uint> cleared = stackalloc uint[Lanes];
        for (int tree = first; tree < end; tree++)
        {
            Vector512<uint> bits = Vector512<uint>.AllBitsSet;
            int node = _starts[3 * tree];
            for (; node < _starts[(3 * tree) + 1]; node++)
            {
                var x = Vector512.LoadUnsafe(ref value, (nuint)_slots[node] * Lanes);
                var goesRight = Vector512.GreaterThan(x, Vector512.Create(_thresholds[node]));
                bits = Vector512.ConditionalSelect(goesRight.AsUInt32(), bits & Vector512.Create(_masks[node]), bits);
            }

            for (; node < _starts[(3 * tree) + 2]; node++)
            {
                var x = Vector512.LoadUnsafe(ref value, (nuint)_slots[node] * Lanes);
                var goesLeft = Vector512.LessThanOrEqual(x, Vector512.Create(_thresholds[node]));
                bits = Vector512.ConditionalSelect(goesLeft.AsUInt32(), bits, bits & Vector512.Create(_masks[node]));
            }

            for (; node < _starts[(3 * tree) + 3]; node++)
            {
                Keep(values, node, cleared);
                bits &= Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(cleared));
            }

            Vector512<uint> lowest = bits & (Vector512<uint>.Zero - bits);
            Vector512<int> index = Vector512.Create(31) - Avx512CD.LeadingZeroCount(lowest).AsInt32();
            ref float leaves = ref Unsafe.Add(ref leaf, (nint)tree * LeafCount);
            sum += Avx512F.PermuteVar16x32x2(
                Vector512.LoadUnsafe(ref leaves), index, Vector512.LoadUnsafe(ref leaves, 16));
        }

        sum.CopyTo(sums);
    }

    internal void AddEight(ReadOnlySpan<float> values, int first, int end, int lane, Span<float> sums)
    {
        ref float value = ref Unsafe.Add(ref MemoryMarshal.GetReference(values), lane);
        var sum = Vector256.Create<float>(sums[lane..]);
        Span<uint> cleared = stackalloc uint[Lanes];
        for (int tree = first; tree < end; tree++)
        {
            Vector256<uint> bits = Vector256<uint>.AllBitsSet;
            int node = _starts[3 * tree];
            for (; node < _starts[(3 * tree) + 1]; node++)
            {
                var x = Vector256.LoadUnsafe(ref value, (nuint)_slots[node] * Lanes);
                var goesRight = Vector256.GreaterThan(x, Vector256.Create(_thresholds[node]));
                bits = Vector256.AndNot(bits, goesRight.AsUInt32() & Vector256.Create(~_masks[node]));
            }

            for (; node < _starts[(3 * tree) + 2]; node++)
            {
                var x = Vector256.LoadUnsafe(ref value, (nuint)_slots[node] * Lanes);
                var goesLeft = Vector256.LessThanOrEqual(x, Vector256.Create(_thresholds[node]));
                bits &= goesLeft.AsUInt32() | Vector256.Create(_masks[node]);
            }

            for (; node < _starts[(3 * tree) + 3]; node++)
            {
                Keep(values, node, cleared);
                bits &= Vector256.LoadUnsafe(ref Unsafe.Add(ref MemoryMarshal.GetReference(cleared), lane));
            }

            // The exponent of a power of two is the place of its bit; the highest makes the number negative, and no more.
            Vector256<uint> lowest = bits & (Vector256<uint>.Zero - bits);
            Vector256<int> index = Vector256.ShiftRightLogical(
                Vector256.ConvertToSingle(lowest.AsInt32()).AsInt32() & Vector256.Create(0x7F800000), 23)
                - Vector256.Create(127);
            sum += Leaves(tree * LeafCount, index);
        }

        sum.CopyTo(sums[lane..]);
    }

    /// <summary>The same, one row after another: the twin of both.</summary>
    internal void AddOneByOne(ReadOnlySpan<float> values, int first, int end, Span<float> sums)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            for (int tree = first; tree < end; tree++)
            {
                uint bits = uint.MaxValue;
                for (int node = _starts[3 * tree]; node < _starts[(3 * tree) + 3]; node++)
                {
                    float x = values[(_slots[node] * Lanes) + lane];
                    bool goesRight = node < _starts[(3 * tree) + 1] ? x > _thresholds[node]
                        : node < _starts[(3 * tree) + 2] ? !(x <= _thresholds[node])
                        : !Holds(_setStarts[node], _setStarts[node + 1], x);
                    bits &= goesRight ? _masks[node] : uint.MaxValue;
                }

                sums[lane] += _leaves[(tree * LeafCount) + BitOperations.TrailingZeroCount(bits)];
            }
        }
    }

    private Vector256<float> Leaves(int start, Vector256<int> index)
    {
        if (Avx2.IsSupported)
        {
            // Eight of the 32 at a time by the lowest bits, then which of the four eights by the next two.
            ref float leaf = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_leaves), start);
            Vector256<float> bit3 = Vector256.ShiftLeft(index, 28).AsSingle();
            Vector256<float> bit4 = Vector256.ShiftLeft(index, 27).AsSingle();
            Vector256<float> low = Avx.BlendVariable(
                Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref leaf), index),
                Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref leaf, 8), index), bit3);
            Vector256<float> high = Avx.BlendVariable(
                Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref leaf, 16), index),
                Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref leaf, 24), index), bit3);
            return Avx.BlendVariable(low, high, bit4);
        }

        Vector256<float> found = default;
        for (int lane = 0; lane < Vector256<int>.Count; lane++)
        {
            found = found.WithElement(lane, _leaves[start + index[lane]]);
        }

        return found;
    }

    /// <summary>The leaves that a split by categories leaves to each row.</summary>
    private void Keep(ReadOnlySpan<float> values, int node, Span<uint> kept)
    {
        ReadOnlySpan<float> x = values.Slice(_slots[node] * Lanes, Lanes);
        for (int lane = 0; lane < Lanes; lane++)
        {
            kept[lane] = Holds(_setStarts[node], _setStarts[node + 1], x[lane]) ? uint.MaxValue : _masks[node];
        }
    }

    private bool Holds(int start, int end, float category) => CategorySet.Holds(_sets.AsSpan(start, end - start), category);
}
