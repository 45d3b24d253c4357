using Tandem.Faults;
using Tandem.Learning.Popularity;

namespace Tandem.Learning.Sasrec;

/// <summary>Learns what comes next from the order of histories.</summary>
public static class SasrecTrainer
{
    /// <summary>Fits item factors and a transformer over them.</summary>
    /// <param name="rows">Training rows in their order; weights are not read.</param>
    /// <param name="options">Settings.</param>
    /// <param name="context">Seed, threads, progress.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="TandemException">LRN017: the numbers ran away.</exception>
    /// <remarks>Every position of a history predicts the next item among all items (softmax cross-entropy), or among a
    /// sample where there are many. A fifth of the users, at most 4,096, keep their last item back; the epoch with the best
    /// NDCG@10 on these is what is kept. Papers: Kang and McAuley, <em>Self-Attentive Sequential Recommendation</em>, 2018;
    /// Klenitskiy and Vasilev, <em>Turning Dross Into Gold Loss</em>, 2023. O(epochs·rows·items·k). The same bytes for any
    /// thread count.</remarks>
    public static SasrecModel Fit(
        Interactions rows, SasrecOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Factors, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        cancellationToken.ThrowIfCancellationRequested();
        bool goesOn = context.WarmStart?.Model is SasrecModel earlier && earlier.Fits(options);
        SasrecOptions passes = goesOn
            ? options with { Epochs = options.Epochs - WarmStart.FirstPass(options.Epochs) }
            : options;
        using SasrecTraining training = new(rows, passes, context);
        if (goesOn)
        {
            ((SasrecModel)context.WarmStart!.Model).CopyTo(context.WarmStart, training.Items.Rows, training.Parameters);
        }

        while (!training.IsDone)
        {
            training.RunEpoch(rows, cancellationToken);
            context.Progress?.Report((double)training.Epoch / (passes.Epochs + 1));
        }

        training.TakeBest();
        context.Progress?.Report(1);
        return new SasrecModel(
            options, training.Items.Rows, training.Parameters,
            ItemShares.Count(rows, Ageing.WeighRows(rows, halfLifeDays: 0)));
    }
}
