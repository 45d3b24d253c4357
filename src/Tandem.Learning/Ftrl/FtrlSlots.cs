using Tandem.Learning.Inputs;

namespace Tandem.Learning.Ftrl;

/// <summary>Which slots a row names: its inputs hashed, their crosses, and one slot behind them for the bias. One code for
/// learning and answering.</summary>
/// <remarks>Keeps what it works on: one a thread.</remarks>
internal sealed class FtrlSlots
{
    private const ulong InputFactor = 0x9E3779B97F4A7C15;
    private const ulong OtherFactor = 0xC2B2AE3D27D4EB4F;

    private readonly RowInputs _inputs;
    private readonly bool[] _isCrossed;
    private readonly EntryRows _row = new(rowCapacity: 64);
    private readonly int _bits;
    private int[] _fields = new int[64];

    public FtrlSlots(RowInputs inputs, int bits, IReadOnlyList<(int First, int Second)> crosses)
    {
        _inputs = inputs;
        _bits = bits;
        _isCrossed = new bool[crosses.Count == 0 ? 0 : inputs.FieldCount * inputs.FieldCount];
        foreach ((int first, int second) in crosses)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)first, (uint)inputs.FieldCount, nameof(crosses));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)second, (uint)inputs.FieldCount, nameof(crosses));
            _isCrossed[(first * inputs.FieldCount) + second] = true;
            _isCrossed[(second * inputs.FieldCount) + first] = true;
        }
    }

    /// <summary>Number of slots, that of the bias among them.</summary>
    public int Count => (1 << _bits) + 1;

    /// <summary>Adds the slots of a row, and ends it.</summary>
    public void AddTo(EntryRows target, in FeatureRows rows, int row)
    {
        _row.Clear();
        _inputs.AddTo(_row, in rows, row);
        ReadOnlySpan<int> inputs = _row.Columns;
        ReadOnlySpan<float> values = _row.Values;
        target.Add(inputs.Length, out Span<int> slots, out Span<float> own);
        values.CopyTo(own);
        for (int i = 0; i < inputs.Length && i < slots.Length; i++)
        {
            slots[i] = Hash((uint)inputs[i] * InputFactor);
        }

        if (_isCrossed.Length > 0)
        {
            AddCrosses(target, inputs, values);
        }

        target.Add(Count - 1, 1);
        target.EndRow();
    }

    private void AddCrosses(EntryRows target, ReadOnlySpan<int> inputs, ReadOnlySpan<float> values)
    {
        if (_fields.Length < inputs.Length)
        {
            _fields = new int[2 * inputs.Length];
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            _fields[i] = _inputs.FieldOf(inputs[i]) * _inputs.FieldCount;
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (_isCrossed[_fields[i] + (_fields[j] / _inputs.FieldCount)])
                {
                    ulong low = (uint)Math.Min(inputs[i], inputs[j]);
                    ulong high = (uint)Math.Max(inputs[i], inputs[j]);
                    target.Add(Hash((low * InputFactor) ^ ((high + 1) * OtherFactor)), values[i] * values[j]);
                }
            }
        }
    }

    /// <summary>The high bits after each bit had a say.</summary>
    private int Hash(ulong mixed)
    {
        mixed ^= mixed >> 32;
        mixed *= 0xD6E8FEB86659FD93;
        return (int)(mixed >> (64 - _bits));
    }
}
