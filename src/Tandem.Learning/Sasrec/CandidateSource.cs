using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.Sasrec;

/// <summary>What the rows of a step are compared with: all items, or a drawn sample with the step's own targets; and the
/// gradient of the item factors that comes of it.</summary>
/// <remarks>A sample is drawn evenly; each candidate's score is corrected by the logarithm of how often the item is expected
/// among the candidates, as a target or as a draw.</remarks>
internal sealed class CandidateSource
{
    private const int WholeAtMost = 32_768;
    private const int DefaultSample = 4096;

    private readonly EmbeddingTable _items;
    private readonly SoftmaxTask _task = new();
    private readonly float[] _targetShares;
    private readonly ulong _seed;
    private readonly int _sampleCount;
    private readonly RowBuffer _sampled;
    private readonly RowBuffer _sampledGradients;

    public CandidateSource(EmbeddingTable items, SequenceSet set, int negatives, ulong seed)
    {
        _items = items;
        _seed = seed;
        int count = items.Rows.RowCount;
        _sampleCount = negatives > 0 ? negatives : count <= WholeAtMost ? count : DefaultSample;
        IsWhole = _sampleCount >= count;
        _sampled = new RowBuffer(items.Width);
        _sampledGradients = new RowBuffer(items.Width);
        if (IsWhole)
        {
            Whole = new float[items.Rows.Values.Length];
            _task.Candidates = items.Rows.Values;
            _task.CandidateCount = count;
            _task.CandidateGradients = Whole;
            _targetShares = [];
        }
        else
        {
            Sparse = new RowGradients(count, items.Width);
            _targetShares = set.TargetShares();
        }
    }

    /// <summary>True where all items are candidates.</summary>
    public bool IsWhole { get; }

    /// <summary>Gradient of all item factors, where all are candidates.</summary>
    public float[] Whole { get; } = [];

    /// <summary>Gradient of the item factors that were met, where they are sampled.</summary>
    public RowGradients? Sparse { get; }

    /// <summary>Sets up a step.</summary>
    /// <param name="blocks">The step's blocks, loaded.</param>
    /// <param name="step">Its number.</param>
    public SoftmaxTask Prepare(ReadOnlySpan<SasrecBlock> blocks, int step)
    {
        int rows = 0;
        foreach (SasrecBlock block in blocks)
        {
            rows += block.RowCount;
        }

        if (_task.Labels.Length < rows)
        {
            _task.Labels = new int[2 * rows];
        }

        int at = 0;
        foreach (SasrecBlock block in blocks)
        {
            block.Targets.CopyTo(_task.Labels.AsSpan(at));
            at += block.RowCount;
        }

        if (!IsWhole)
        {
            Draw(rows, step);
        }

        return _task;
    }

    /// <summary>Adds the gradients of what went in to those of the candidates, in the order of the rows.</summary>
    public void Merge(ReadOnlySpan<SasrecBlock> blocks)
    {
        if (IsWhole)
        {
            foreach (SasrecBlock block in blocks)
            {
                for (int row = 0; row < block.RowCount; row++)
                {
                    Kernel.AddScaled(
                        1, block.InputGradient.Row(row), Whole.AsSpan(block.Ids[row] * _items.Width, _items.Width));
                }
            }

            return;
        }

        _sampledGradients.Resize(_task.CandidateCount);
        _task.CandidateGradients.AsSpan(0, _sampledGradients.Values.Length).CopyTo(_sampledGradients.Values);
        for (int part = 0; part < RowGradients.PartCount; part++)
        {
            Sparse!.Clear(part);
            Sparse.Add(part, _task.CandidateIds.AsSpan(0, _task.CandidateCount), _sampledGradients);
            foreach (SasrecBlock block in blocks)
            {
                Sparse.Add(part, block.Ids, block.InputGradient);
            }
        }
    }

    /// <summary>Sum of squares of the gradient.</summary>
    public double SumOfSquares()
    {
        if (IsWhole)
        {
            return GradientNorm.SumOfSquares(Whole);
        }

        double sum = 0;
        for (int part = 0; part < RowGradients.PartCount; part++)
        {
            sum += Sparse!.SumOfSquares(part);
        }

        return sum;
    }

    /// <summary>The rows' targets come first, each the label of its row, then the draws.</summary>
    private void Draw(int rows, int step)
    {
        int count = rows + _sampleCount;
        if (_task.CandidateIds.Length < count)
        {
            _task.CandidateIds = new int[2 * count];
            _task.Biases = new float[2 * count];
            _task.Candidates = new float[2 * count * _items.Width];
            _task.CandidateGradients = new float[2 * count * _items.Width];
        }

        SeededRandom random = new(_seed, 0x5A3F_0000_0000UL + (ulong)step);
        for (int i = 0; i < count; i++)
        {
            int item = i < rows ? _task.Labels[i] : random.NextInt(_items.Rows.RowCount);
            _task.CandidateIds[i] = item;
            _task.Biases[i] = -MathF.Log((rows * _targetShares[item]) + ((float)_sampleCount / _items.Rows.RowCount));
        }

        for (int row = 0; row < rows; row++)
        {
            _task.Labels[row] = row;
        }

        _task.CandidateCount = count;
        _items.Gather(_task.CandidateIds.AsSpan(0, count), _sampled);
        _sampled.Values.CopyTo(_task.Candidates);
    }
}
