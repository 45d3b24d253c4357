using Tandem.Numerics;

namespace Tandem.Learning.TwoTower;

/// <summary>Passes over some of the rows, shuffled anew each time.</summary>
internal sealed class TwoTowerRun : IDisposable
{
    private readonly TwoTowerExamples _examples;
    private readonly TwoTowerOptions _options;
    private readonly TwoTowerStep _step;
    private readonly FitContext _context;
    private readonly int[] _order;
    private readonly int[] _negatives;
    private int _passes;

    /// <param name="examples">All rows.</param>
    /// <param name="rows">Those to learn from.</param>
    /// <param name="options">Settings.</param>
    /// <param name="context">Seed and threads.</param>
    public TwoTowerRun(TwoTowerExamples examples, int[] rows, TwoTowerOptions options, FitContext context)
    {
        _examples = examples;
        _options = options;
        _context = context;
        _order = [.. rows];
        _negatives = new int[options.UniformNegatives];
        int[] counts = new int[examples.StateCount];
        foreach (int row in rows)
        {
            counts[examples.StateOf(row)]++;
        }

        _step = new TwoTowerStep(examples, options, counts, WeightsOf(examples.Rows, rows, options), context);
    }

    public Tower UserTower => _step.UserTower;

    public Tower ItemTower => _step.ItemTower;

    /// <summary>Goes over the rows once.</summary>
    /// <returns>The mean loss.</returns>
    public double Pass(CancellationToken cancellationToken)
    {
        _passes++;
        SeededRandom random = new(_context.Seed, 1000 + (ulong)_passes);
        random.Shuffle(_order);

        double loss = 0;
        for (int first = 0; first < _order.Length; first += _options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (ref int state in _negatives.AsSpan())
            {
                state = _examples.DrawState(_order, ref random);
            }

            ReadOnlySpan<int> batch = _order.AsSpan(first, Math.Min(_options.BatchSize, _order.Length - first));
            loss += batch.Length * _step.Run(batch, _negatives, (ulong)_passes);
        }

        return loss / _order.Length;
    }

    /// <summary>Ends the learning.</summary>
    public void Finish() => _step.Finish();

    public void Dispose() => _step.Dispose();

    /// <summary>Weights by age and as given, of mean 1 over the rows; empty where all are equal.</summary>
    private static float[] WeightsOf(Interactions all, int[] rows, TwoTowerOptions options)
    {
        if (all.Weights.Length == 0 && (options.HalfLifeDays <= 0 || all.AgeDays.Length == 0))
        {
            return [];
        }

        float[] weights = Ageing.WeighRows(all, options.HalfLifeDays);
        double mean = rows.Average(row => (double)weights[row]);
        Kernel.Scale((float)(1 / mean), weights);
        return weights;
    }
}
