using Tandem.Learning.Popularity;

namespace Tandem.Learning.TwoTower;

/// <summary>Fits two towers: one makes a vector of what is known of a user, one of what is known of an item, so that the
/// inner product is large for what the user chose.</summary>
public static class TwoTowerTrainer
{
    private const double WarmRate = 0.25;

    /// <summary>Fits both towers.</summary>
    /// <param name="rows">Training rows with the attributes of items, and of users just before each row.</param>
    /// <param name="options">Settings.</param>
    /// <param name="context">Seed, threads, progress.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <remarks>
    /// <para>Minimises over batches −log (exp s(u, v) / Σ exp s(u, v′)) with s(u, v) = u·v/τ − log q(v), v′ over the items of
    /// the batch and some drawn evenly from all: sampled softmax with its bias corrected (Yi et al., <em>Sampling-Bias-Corrected
    /// Neural Modeling for Large Corpus Item Recommendations</em>, RecSys 2019) and mixed negatives (Yang et al., <em>Mixed
    /// Negative Sampling for Learning Two-tower Neural Networks</em>, WWW 2020). The items of a history enter as a weighted
    /// mean of embeddings (Covington et al., <em>Deep Neural Networks for YouTube Recommendations</em>, RecSys 2016).</para>
    /// <para>The newest rows first say after how many passes to stop; then both towers are fitted anew on all rows with as
    /// many. O(passes·rows·(hidden·factors + batch·factors)). The same bytes for any thread count.</para>
    /// </remarks>
    public static TwoTowerModel Fit(
        Interactions rows, TwoTowerOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Factors, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Temperature, nameof(options));
        if (context.WarmStart?.Model is TwoTowerModel earlier && earlier.Fits(options))
        {
            // The sums of squares that shortened the steps of the earlier training are gone.
            options = options with
            {
                Epochs = options.Epochs - WarmStart.FirstPass(options.Epochs),
                LearningRate = options.LearningRate * WarmRate,
            };
        }

        TwoTowerExamples examples = new(rows, options);
        int passes = options.Epochs;
        if (options.ValidationShare > 0
            && HeldOutRows.Divide(examples, options, context.Seed) is { } held)
        {
            passes = CountPasses(examples, held, options, context, cancellationToken);
        }

        using TwoTowerRun run = new(examples, [.. Enumerable.Range(0, rows.Count)], options, context);
        for (int pass = 0; pass < passes; pass++)
        {
            _ = run.Pass(cancellationToken);
            context.Progress?.Report(0.5 + (0.5 * (pass + 1) / (passes + 1)));
        }

        run.Finish();
        TwoTowerModel model = ModelOf(examples, run, options, context, cancellationToken);
        context.Progress?.Report(1);
        return model;
    }

    /// <summary>Finds the number of passes after which the newest rows are ranked best.</summary>
    private static int CountPasses(
        TwoTowerExamples examples, HeldOutRows held, TwoTowerOptions options, FitContext context,
        CancellationToken cancellationToken)
    {
        using TwoTowerRun run = new(examples, held.Learned, options, context);
        double best = 0;
        int bestPasses = 1;
        for (int pass = 1; pass <= options.Epochs && pass - bestPasses <= options.Patience; pass++)
        {
            _ = run.Pass(cancellationToken);
            double gain = held.Judge(
                ModelOf(examples, run, options, context, cancellationToken), context, cancellationToken);
            if (gain > best)
            {
                best = gain;
                bestPasses = pass;
            }

            context.Progress?.Report(0.5 * pass / options.Epochs);
        }

        return bestPasses;
    }

    private static TwoTowerModel ModelOf(
        TwoTowerExamples examples, TwoTowerRun run, TwoTowerOptions options, FitContext context,
        CancellationToken cancellationToken) => TwoTowerModel.Of(
            examples, run.UserTower, run.ItemTower,
            ItemShares.Count(examples.Rows, Ageing.WeighRows(examples.Rows, halfLifeDays: 0)),
            options, context, cancellationToken);
}
