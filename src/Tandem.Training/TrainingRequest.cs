using Tandem.Registry;

namespace Tandem.Training;

/// <summary>One run that is asked for.</summary>
public sealed record TrainingRequest
{
    /// <summary>What started it.</summary>
    public TrainingCause Cause { get; init; } = TrainingCause.Manual;

    /// <summary>The champion, to be beaten on the newest window; null where there is none yet.</summary>
    public Champion? Champion { get; init; }

    /// <summary>Items drawn for each user to rank the right ones among; 0 ranks all. For looking only: no version is
    /// registered by sampled figures.</summary>
    internal int SampledItems { get; init; }

    /// <summary>Share of the training rows that models are updated with, to be looked at beside those fitted on all; 0 for
    /// none.</summary>
    internal double UpdateShare { get; init; }

    /// <summary>Scorers to judge beside the models, never to register: an oracle, a rule by hand.</summary>
    public IReadOnlyList<ReferenceScorer> References { get; init; } = [];
}
