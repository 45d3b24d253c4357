namespace Tandem.Spec;

/// <summary>What is watched, and what follows.</summary>
public sealed record MonitoringSpec
{
    /// <summary>Data drift: features against the training set.</summary>
    public DriftSpec Drift { get; init; } = new();

    /// <summary>Concept drift: the stream of realised errors.</summary>
    public ConceptSpec Concept { get; init; } = new();

    /// <summary>Alert where no event arrived for this long.</summary>
    public TimeSpan Freshness { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Where alerts go: <c>log</c>, later webhooks.</summary>
    public IReadOnlyList<string> Alerts { get; init; } = ["log"];

    /// <summary>True to start a training run on drift.</summary>
    public bool Retrain { get; init; } = true;

    /// <summary>At most one run started by drift in this time.</summary>
    public TimeSpan RetrainAtMost { get; init; } = TimeSpan.FromHours(6);
}
