namespace Tandem.Learning.RowNetworks;

/// <summary>The rows of one step, in whole units, with their labels and weights.</summary>
internal sealed class RowBatch
{
    private readonly LabelledRows _source;
    private readonly RowUnits _units;
    private readonly RowScale _scale;
    private readonly float _weightScale;
    private readonly int _size;
    private readonly int[] _rows;
    private readonly int[] _starts;
    private readonly float[] _labels;
    private readonly float[] _weights;
    private int _unitCount;

    /// <param name="source">All rows.</param>
    /// <param name="units">Their units.</param>
    /// <param name="scale">What labels that are numbers are divided by and less of.</param>
    /// <param name="size">Rows at which it is full.</param>
    public RowBatch(LabelledRows source, RowUnits units, RowScale scale, int size)
    {
        _source = source;
        _units = units;
        _scale = scale;
        _size = size;
        int most = Math.Min(source.Count, size + units.LongestUnit - 1);
        _rows = new int[most];
        _starts = new int[most + 1];
        _labels = new float[most * source.Target.LabelCount];
        _weights = new float[most];
        _weightScale = source.Weights.Length == 0
            ? 1
            : (float)(1 / source.Weights.Average(static weight => (double)weight));
    }

    /// <summary>Most rows it can hold.</summary>
    public int Capacity => _rows.Length;

    /// <summary>Number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Indices of the rows.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    /// <summary>Where each unit begins, length units + 1.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, _unitCount + 1);

    /// <summary>Labels, shape (rows, labels).</summary>
    public ReadOnlySpan<float> Labels => _labels.AsSpan(0, Count * _source.Target.LabelCount);

    /// <summary>Weights, of mean 1 over all rows.</summary>
    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, Count);

    /// <summary>Takes units until it is full.</summary>
    /// <param name="order">All units.</param>
    /// <param name="next">The first to take; moved behind the last.</param>
    /// <returns>False where none was left.</returns>
    public bool Fill(ReadOnlySpan<int> order, ref int next)
    {
        Count = 0;
        _unitCount = 0;
        while (next < order.Length && Count < _size)
        {
            int unit = order[next++];
            for (int i = 0; i < _units.CountOf(unit); i++)
            {
                Take(_units.FirstOf(unit) + i);
            }

            _starts[++_unitCount] = Count;
        }

        return Count > 0;
    }

    private void Take(int row)
    {
        int labelCount = _source.Target.LabelCount;
        for (int label = 0; label < labelCount; label++)
        {
            _labels[(Count * labelCount) + label] =
                (_source.Labels[(row * labelCount) + label] - _scale.Shift) / _scale.Factor;
        }

        _weights[Count] = _source.Weights.Length == 0 ? 1 : _source.Weights[row] * _weightScale;
        _rows[Count++] = row;
    }
}
