using Tandem.Faults;

namespace Tandem.Learning.RowNetworks;

/// <summary>Fits factorisation machines and the deep and cross network by steps on batches.</summary>
internal static class RowNetworkTrainer
{
    /// <summary>Fits a network until its held-out loss no longer falls, and keeps the best.</summary>
    /// <exception cref="TandemException">LRN017: the numbers ran away; LRN040: too many numbers; LRN041: grades without
    /// groups.</exception>
    public static RowNetworkModel Fit(
        LabelledRows rows, RowNetworkShape shape, RowNetworkOptions options, FitContext context,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (rows.Target.Kind == RowTargetKind.Order && rows.Groups.Length == 0)
        {
            throw new TandemException(LearningErrors.NoGroups(shape.Kind));
        }

        using RowNetworkTraining training = new(rows, shape, options, context);
        while (!training.IsDone)
        {
            training.RunEpoch(cancellationToken);
            context.Progress?.Report((double)training.Epoch / (options.Epochs + 1));
        }

        context.Progress?.Report(1);
        return training.ToModel();
    }
}
