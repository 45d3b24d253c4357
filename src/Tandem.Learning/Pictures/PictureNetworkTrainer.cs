using Tandem.Faults;

namespace Tandem.Learning.Pictures;

/// <summary>Learns to tell pictures of different classes apart, those of classes that it never met too.</summary>
public static class PictureNetworkTrainer
{
    /// <summary>Fits a small convolutional network.</summary>
    /// <param name="set">Pictures and their classes.</param>
    /// <param name="options">Settings.</param>
    /// <param name="context">Seed, threads, progress.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="TandemException">LRN017: the numbers ran away.</exception>
    /// <remarks>Each step draws classes and two pictures of each, distorted at random; each picture has to find its partner
    /// among all pictures of the step by the inner product of embeddings (softmax cross-entropy at a temperature). Papers:
    /// van den Oord, Li and Vinyals, <em>Representation Learning with Contrastive Predictive Coding</em>, 2018; Khosla and
    /// others, <em>Supervised Contrastive Learning</em>, 2020; the blocks after Vinyals and others, <em>Matching Networks for
    /// One Shot Learning</em>, 2016. The same bytes for any thread count.</remarks>
    public static PictureNetwork Fit(
        PictureSet set, PictureNetworkOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        if (options.Problem() is { } problem)
        {
            throw new ArgumentException($"No such network: {problem}.", nameof(options));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 4, nameof(options));
        cancellationToken.ThrowIfCancellationRequested();
        using PictureTraining training = new(set, options, context);
        while (training.Epoch < options.Epochs)
        {
            training.RunEpoch(cancellationToken);
            context.Progress?.Report((double)training.Epoch / (options.Epochs + 1));
        }

        training.Settle();
        context.Progress?.Report(1);
        return new PictureNetwork(options, set.Channels, training.Parameters);
    }
}
