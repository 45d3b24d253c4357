namespace Tandem.Spec;

/// <summary>How and when models are fitted.</summary>
public sealed record TrainingSpec
{
    /// <summary>How far back training data reaches; null is all.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>How often a scheduled run starts; null only on demand.</summary>
    public TimeSpan? Cadence { get; init; }

    /// <summary>True to update the model from the stream between runs.</summary>
    public bool Streaming { get; init; }

    /// <summary>True to go on from the champion where its kind can, instead of fitting anew.</summary>
    public bool WarmStart { get; init; }

    /// <summary>What is done about rare positives, with its settings; the kind <c>none</c> leaves rows as they are.</summary>
    public ModelChoiceSpec Imbalance { get; init; } = new() { Kind = LearningTask.None };

    /// <summary>How the scores of models that read features become probabilities: <c>auto</c>, <c>none</c>, <c>platt</c>,
    /// <c>isotonic</c>, <c>temperature</c> or <c>beta</c>.</summary>
    public string Calibration { get; init; } = "auto";

    /// <summary>How test rows are chosen.</summary>
    public SplitSpec Split { get; init; } = new();

    /// <summary>Area under the curve, 0.5 to 1, that no feature may exceed alone: more is taken for a leak.</summary>
    public double MostAlone { get; init; } = 0.95;

    /// <summary>Seed of everything random.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Other models to fit and compare, with settings or ranges of them; the best is registered.</summary>
    public IReadOnlyList<ModelChoiceSpec> Candidates { get; init; } = [];

    /// <summary>How settings are searched where candidates give ranges.</summary>
    public SearchSpec Search { get; init; } = new();
}
