using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tandem.Numerics.Native;

namespace Tandem.Numerics;

/// <summary>Slots of a linear model that learns from one example after another: FTRL-proximal. A slot keeps z, the sum of its
/// gradients less what weights moved them, and √n, the root of the sum of their squares, side by side; its weight is made from
/// both when it is asked for. Kept as a root, it is taken once an example, not twice.</summary>
/// <remarks>For one thread. Lies outside the collector's heap, on huge pages where there are any. An example should name a slot
/// once: of one that it names twice, the last entry's step stays. Papers: McMahan, <em>Follow-the-Regularized-Leader and
/// Mirror Descent</em>, 2011; McMahan and others, <em>Ad Click Prediction: a View from the Trenches</em>, 2013.</remarks>
public sealed class FtrlTable : IDisposable
{
    private const int Block = 16;

    private readonly LargeMemory _memory;
    private readonly FtrlRates _rates;
    private readonly float _inverseAlpha;
    private readonly float _shrink;

    // The example at hand: slots; pairs (z, √n), weights and values, zeros behind the last entry.
    private int[] _slots = [];
    private ulong[] _pairs = [];
    private float[] _weights = [];
    private float[] _inputs = [];
    private int _count;

    /// <summary>Makes a table of zeros.</summary>
    /// <param name="slotCount">Number of slots, ≥ 1; each takes 8 bytes.</param>
    /// <param name="rates">How it learns.</param>
    public FtrlTable(int slotCount, FtrlRates rates)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slotCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rates.Alpha, nameof(rates));
        SlotCount = slotCount;
        _rates = rates;
        _inverseAlpha = 1 / rates.Alpha;
        _shrink = (rates.Beta / rates.Alpha) + rates.L2;
        _memory = new LargeMemory((long)slotCount * sizeof(ulong));
        Reserve(4 * Block);
    }

    /// <summary>Number of slots.</summary>
    public int SlotCount { get; }

    /// <summary>Asks for the slots of an example that comes soon.</summary>
    /// <param name="slots">Its slots.</param>
    public void Prefetch(ReadOnlySpan<int> slots)
    {
        ref ulong table = ref MemoryMarshal.GetReference(_memory.Words(SlotCount));
        foreach (int slot in slots)
        {
            Native.Prefetch.Line(in Unsafe.As<ulong, byte>(ref Unsafe.Add(ref table, slot)));
        }
    }

    /// <summary>The weighted sum of an example: Σ w·x.</summary>
    /// <param name="slots">Its slots, each below <see cref="SlotCount"/>.</param>
    /// <param name="values">x of each, finite.</param>
    /// <remarks>Keeps the example at hand for <see cref="Step"/>.</remarks>
    public float Score(ReadOnlySpan<int> slots, ReadOnlySpan<float> values)
    {
        ThrowUnlessWithin(slots, values);
        int padded = (slots.Length + Block - 1) & -Block;
        Reserve(padded);
        Gather(slots, values, padded);
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> sum = default;
            for (int i = 0; i < padded; i += 16)
            {
                sum += Weigh512(i);
            }

            return Vector512.Sum(sum);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> sum = default;
            for (int i = 0; i < padded; i += 8)
            {
                sum += Weigh256(i);
            }

            return Vector256.Sum(sum);
        }

        float total = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            (float z, float root) = Split(_pairs[i]);
            _weights[i] = Weight(z, root);
            total += _weights[i] * _inputs[i];
        }

        return total;
    }

    /// <summary>Learns from the example that was scored last: g = slope·x; z ← z + g − (√(n + g²) − √n)·w / α;
    /// n ← n + g².</summary>
    /// <param name="slope">Derivative of its loss by its score.</param>
    public void Step(float slope)
    {
        ReadOnlySpan<int> slots = _slots.AsSpan(0, _count);
        int padded = (slots.Length + Block - 1) & -Block;
        if (Vector512.IsHardwareAccelerated)
        {
            for (int i = 0; i < padded; i += 16)
            {
                Move512(i, slope);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (int i = 0; i < padded; i += 8)
            {
                Move256(i, slope);
            }
        }
        else
        {
            for (int i = 0; i < slots.Length; i++)
            {
                (float z, float root) = Split(_pairs[i]);
                float g = slope * _inputs[i];
                float next = MathF.Sqrt((root * root) + (g * g));
                _pairs[i] = Join(z + g - ((next - root) * _inverseAlpha * _weights[i]), next);
            }
        }

        ref ulong table = ref MemoryMarshal.GetReference(_memory.Words(SlotCount));
        ref ulong pairs = ref MemoryMarshal.GetArrayDataReference(_pairs);
        for (int i = 0; i < slots.Length; i++)
        {
            Unsafe.Add(ref table, slots[i]) = Unsafe.Add(ref pairs, i);
        }
    }

    /// <summary>Copies the weights of all slots.</summary>
    /// <param name="weights">Receives them, length <see cref="SlotCount"/>.</param>
    public void CopyWeights(Span<float> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, SlotCount, nameof(weights));
        ReadOnlySpan<ulong> table = _memory.Words(SlotCount);
        for (int slot = 0; slot < weights.Length; slot++)
        {
            (float z, float root) = Split(table[slot]);
            weights[slot] = table[slot] == 0 ? 0 : Weight(z, root);
        }
    }

    /// <summary>Frees the table.</summary>
    public void Dispose() => _memory.Dispose();

    private static (float Z, float Root) Split(ulong pair) =>
        (BitConverter.UInt32BitsToSingle((uint)pair), BitConverter.UInt32BitsToSingle((uint)(pair >> 32)));

    private static ulong Join(float z, float root) =>
        BitConverter.SingleToUInt32Bits(z) | ((ulong)BitConverter.SingleToUInt32Bits(root) << 32);

    private float Weight(float z, float root) =>
        MathF.CopySign(MathF.Max(MathF.Abs(z) - _rates.L1, 0) / ((root * _inverseAlpha) + _shrink), -z);

    private void Reserve(int entries)
    {
        if (entries > _pairs.Length)
        {
            int length = Math.Max(entries, 2 * _pairs.Length);
            _slots = new int[length];
            _pairs = new ulong[length];
            _weights = new float[length];
            _inputs = new float[length];
        }
    }

    /// <summary>Copies the slots and values of an example to where vectors read them, zeros behind them.</summary>
    private void Gather(ReadOnlySpan<int> slots, ReadOnlySpan<float> values, int padded)
    {
        ref ulong target = ref MemoryMarshal.GetArrayDataReference(_pairs);
        ref ulong table = ref MemoryMarshal.GetReference(_memory.Words(SlotCount));
        for (int i = 0; i < slots.Length; i++)
        {
            Unsafe.Add(ref target, i) = Unsafe.Add(ref table, slots[i]);
        }

        slots.CopyTo(_slots);
        _count = slots.Length;
        _pairs.AsSpan(slots.Length, padded - slots.Length).Clear();
        values.CopyTo(_inputs);
        _inputs.AsSpan(slots.Length, padded - slots.Length).Clear();
    }

    private Vector512<float> Weigh512(int i)
    {
        (Vector512<float> z, Vector512<float> root) = Split512(i);
        var size = Vector512.MaxNative(Vector512.Abs(z) - Vector512.Create(_rates.L1), Vector512<float>.Zero);
        var below = Vector512.FusedMultiplyAdd(
            root, Vector512.Create(_inverseAlpha), Vector512.Create(_shrink));
        var weight = Vector512.CopySign(size / below, -z);
        weight.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(_weights), (nuint)i);
        return weight * Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_inputs), (nuint)i);
    }

    private void Move512(int i, float slope)
    {
        (Vector512<float> z, Vector512<float> root) = Split512(i);
        Vector512<float> g = slope * Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_inputs), (nuint)i);
        var next = Vector512.Sqrt((root * root) + (g * g));
        var weight = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_weights), (nuint)i);
        z += g - ((next - root) * _inverseAlpha * weight);
        ref ulong pairs = ref MemoryMarshal.GetArrayDataReference(_pairs);
        Avx512F.PermuteVar16x32x2(
            z, Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), next)
            .AsUInt64().StoreUnsafe(ref pairs, (nuint)i);
        Avx512F.PermuteVar16x32x2(
            z, Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), next)
            .AsUInt64().StoreUnsafe(ref pairs, (nuint)i + 8);
    }

    private (Vector512<float> Z, Vector512<float> Root) Split512(int i)
    {
        ref ulong pairs = ref MemoryMarshal.GetArrayDataReference(_pairs);
        Vector512<float> low = Vector512.LoadUnsafe(ref pairs, (nuint)i).AsSingle();
        Vector512<float> high = Vector512.LoadUnsafe(ref pairs, (nuint)i + 8).AsSingle();
        var even = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        return (
            Avx512F.PermuteVar16x32x2(low, even, high),
            Avx512F.PermuteVar16x32x2(low, even + Vector512<int>.One, high));
    }

    private Vector256<float> Weigh256(int i)
    {
        (Vector256<float> z, Vector256<float> root) = Split256(i);
        var size = Vector256.MaxNative(Vector256.Abs(z) - Vector256.Create(_rates.L1), Vector256<float>.Zero);
        var below = Vector256.FusedMultiplyAdd(
            root, Vector256.Create(_inverseAlpha), Vector256.Create(_shrink));
        var weight = Vector256.CopySign(size / below, -z);
        weight.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(_weights), (nuint)i);
        return weight * Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_inputs), (nuint)i);
    }

    private void Move256(int i, float slope)
    {
        (Vector256<float> z, Vector256<float> root) = Split256(i);
        Vector256<float> g = slope * Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_inputs), (nuint)i);
        var next = Vector256.Sqrt((root * root) + (g * g));
        var weight = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_weights), (nuint)i);
        z += g - ((next - root) * _inverseAlpha * weight);
        ref ulong pairs = ref MemoryMarshal.GetArrayDataReference(_pairs);
        (Vector256<ulong> lowZ, Vector256<ulong> highZ) = Vector256.Widen(z.AsUInt32());
        (Vector256<ulong> lowRoot, Vector256<ulong> highRoot) = Vector256.Widen(next.AsUInt32());
        (lowZ | (lowRoot << 32)).StoreUnsafe(ref pairs, (nuint)i);
        (highZ | (highRoot << 32)).StoreUnsafe(ref pairs, (nuint)i + 4);
    }

    private (Vector256<float> Z, Vector256<float> Root) Split256(int i)
    {
        ref ulong pairs = ref MemoryMarshal.GetArrayDataReference(_pairs);
        var low = Vector256.LoadUnsafe(ref pairs, (nuint)i);
        var high = Vector256.LoadUnsafe(ref pairs, (nuint)i + 4);
        return (Vector256.Narrow(low, high).AsSingle(), Vector256.Narrow(low >>> 32, high >>> 32).AsSingle());
    }

    private void ThrowUnlessWithin(ReadOnlySpan<int> slots, ReadOnlySpan<float> values)
    {
        ref int slot = ref MemoryMarshal.GetReference(slots);
        Vector256<uint> most = default;
        int i = 0;
        for (; i + Vector256<uint>.Count <= slots.Length; i += Vector256<uint>.Count)
        {
            most = Vector256.Max(most, Vector256.LoadUnsafe(ref slot, (nuint)i).AsUInt32());
        }

        bool isWithin = slots.Length == values.Length && Vector256.LessThanAll(most, Vector256.Create((uint)SlotCount));
        for (; i < slots.Length; i++)
        {
            isWithin &= (uint)slots[i] < (uint)SlotCount;
        }

        if (!isWithin)
        {
            throw new ArgumentException(
                $"There must be a value to each slot, and slots must lie from 0 to {SlotCount - 1}.", nameof(slots));
        }
    }
}
