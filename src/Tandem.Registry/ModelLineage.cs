namespace Tandem.Registry;

/// <summary>Where a model version came from: enough to train it again.</summary>
public sealed record ModelLineage
{
    /// <summary>What started the training.</summary>
    public required TrainingCause Cause { get; init; }

    /// <summary>Hash of tandem.yaml, <c>sha256:…</c>.</summary>
    public required string SpecHash { get; init; }

    /// <summary>Hash of the training set, <c>sha256:…</c>.</summary>
    public required string TrainingSetHash { get; init; }

    /// <summary>Number of the lake manifest that the training set was read from; null where it came from
    /// files.</summary>
    public long? LakeManifest { get; init; }

    /// <summary>Version of the code that trained.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>Seed of everything random.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Event times of the training rows; null in data without times.</summary>
    public DataWindow? Window { get; init; }

    /// <summary>The version that was champion when training began, or that training started from; null for
    /// none.</summary>
    public int? Parent { get; init; }

    /// <summary>Settings of the model, name to value in invariant text.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What evaluation measured, by metric name, such as <c>recall@20</c>.</summary>
    public IReadOnlyDictionary<string, ModelMetric> Metrics { get; init; } =
        new Dictionary<string, ModelMetric>(StringComparer.Ordinal);
}
