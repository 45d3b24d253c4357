using Tandem.Learning.Imbalance;
using Tandem.Learning.Inputs;
using Tandem.Numerics;

namespace Tandem.Learning.Ftrl;

/// <summary>Logistic regression on hashed inputs that learns from one row after another, as rows of a stream come, and always
/// can say what it thinks of the next one first.</summary>
/// <remarks>For one thread: the same rows in the same order give the same bytes. O(inputs) a row and 8 bytes a slot; allocates
/// nothing once the longest row was met. Papers: McMahan and others, <em>Ad Click Prediction: a View from the Trenches</em>,
/// 2013; Weinberger and others, <em>Feature Hashing for Large Scale Multitask Learning</em>, 2009.</remarks>
public sealed class FtrlLearner : IDisposable
{
    private const int RowsAtOnce = 256;

    // Examples whose slots are on their way while one is learned from.
    private const int Ahead = 8;

    private readonly RowInputs _inputs;
    private readonly FtrlOptions _options;
    private readonly FtrlTable _table;
    private readonly FtrlSlots _slots;
    private readonly EntryRows _entries = new(RowsAtOnce);
    private double _loss;
    private double _weight;

    /// <summary>Makes a learner that knows nothing.</summary>
    /// <param name="inputs">What rows look like.</param>
    /// <param name="options">Settings.</param>
    public FtrlLearner(RowInputs inputs, FtrlOptions options)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        _inputs = inputs;
        _options = options;
        _slots = new FtrlSlots(inputs, options.Bits, options.Crosses);
        _table = new FtrlTable(_slots.Count, new FtrlRates(
            (float)options.LearningRate, (float)options.Beta, (float)options.Sparsity, (float)options.Regularisation));
    }

    /// <summary>Rows learned from so far.</summary>
    public long Count { get; private set; }

    /// <summary>The mean loss of each row before it was learned from (progressive validation); 0 before the first.</summary>
    /// <remarks>Paper: Blum, Kalai and Langford, <em>Beating the Hold-Out</em>, 1999.</remarks>
    public double ProgressiveLoss => _loss / Math.Max(_weight, double.Epsilon);

    /// <summary>Scores rows, each just before learning from it, in their order.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="labels">1 or 0 of each.</param>
    /// <param name="weights">Weight of each, > 0; empty for 1.</param>
    /// <param name="scores">Receives their log-odds before they were learned from.</param>
    public void Learn(
        in FeatureRows rows, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<float> scores)
    {
        for (int first = 0; first < rows.Count; first += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, rows.Count - first);
            _entries.Clear();
            for (int row = first; row < first + count; row++)
            {
                _slots.AddTo(_entries, in rows, row);
            }

            ReadOnlySpan<float> some = weights.IsEmpty ? default : weights.Slice(first, count);
            LearnEntries(labels.Slice(first, count), some, scores.Slice(first, count));
        }
    }

    /// <summary>Scores rows without learning from them.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="scores">Receives their log-odds.</param>
    public void Score(in FeatureRows rows, Span<float> scores)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            _entries.Clear();
            _slots.AddTo(_entries, in rows, row);
            scores[row] = _table.Score(_entries.Columns, _entries.Values);
        }
    }

    /// <summary>Makes a model of what was learned so far; learning may go on.</summary>
    /// <remarks>O(slots).</remarks>
    public FtrlModel ToModel()
    {
        float[] weights = new float[_table.SlotCount];
        _table.CopyWeights(weights);
        return new FtrlModel(_inputs, _options, weights);
    }

    /// <summary>Frees the slots.</summary>
    public void Dispose() => _table.Dispose();

    /// <summary>Learns from some of the rows, in the order given.</summary>
    internal void Learn(LabelledRows rows, ReadOnlySpan<int> order, float weightScale, CancellationToken cancellationToken)
    {
        Span<float> labels = stackalloc float[RowsAtOnce];
        Span<float> weights = stackalloc float[RowsAtOnce];
        Span<float> scores = stackalloc float[RowsAtOnce];
        for (int first = 0; first < order.Length; first += RowsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<int> some = order.Slice(first, Math.Min(RowsAtOnce, order.Length - first));
            _entries.Clear();
            for (int i = 0; i < some.Length; i++)
            {
                _slots.AddTo(_entries, rows.Features, some[i]);
                labels[i] = rows.Labels[some[i]];
                weights[i] = rows.Weights.Length == 0 ? 1 : rows.Weights[some[i]] * weightScale;
            }

            LearnEntries(labels[..some.Length], weights[..some.Length], scores[..some.Length]);
        }
    }

    private void LearnEntries(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<float> scores)
    {
        for (int row = 0; row < Math.Min(Ahead, labels.Length); row++)
        {
            _table.Prefetch(_entries.ColumnsOf(row));
        }

        for (int row = 0; row < labels.Length; row++)
        {
            if (row + Ahead < labels.Length)
            {
                _table.Prefetch(_entries.ColumnsOf(row + Ahead));
            }

            scores[row] = _table.Score(_entries.ColumnsOf(row), _entries.ValuesOf(row));
            (float loss, float slope) = Judge(scores[row], labels[row]);
            float weight = weights.IsEmpty ? 1 : weights[row];
            _table.Step(weight * slope);
            _loss += weight * (double)loss;
            _weight += weight;
        }

        Count += labels.Length;
    }

    /// <summary>The loss of a row, and its slope by the score.</summary>
    private (float Loss, float Slope) Judge(float score, float label)
    {
        float side = label > 0 ? 1 : -1;
        if (_options.FocalGamma > 0)
        {
            double signed = side * score;
            return (
                (float)FocalLoss.Loss(signed, _options.FocalGamma),
                side * (float)FocalLoss.Slope(signed, _options.FocalGamma));
        }

        float small = MathF.Exp(-MathF.Abs(score));
        float probability = (score > 0 ? 1 : small) / (1 + small);
        return (MathF.Max(-side * score, 0) + MathF.Log(1 + small), probability - label);
    }
}
