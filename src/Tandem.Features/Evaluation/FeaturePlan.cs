namespace Tandem.Features.Evaluation;

/// <summary>How one feature is computed from a series.</summary>
internal sealed record FeaturePlan
{
    /// <summary>The quantile where none is given.</summary>
    public const double Median = 0.5;

    /// <summary>What is computed.</summary>
    public required FeatureOperation Operation { get; init; }

    /// <summary>What its values are where they are not null.</summary>
    public required FeatureKind Kind { get; init; }

    /// <summary>Index among the series' sums, numbers or codes, by operation; -1 where nothing is read.</summary>
    public int Slot { get; init; } = -1;

    /// <summary>Index among the series' squares, for variances, of the sum below the line of a ratio, or among the numbers,
    /// of the weight of a sequence; otherwise -1.</summary>
    public int SecondSlot { get; init; } = -1;

    /// <summary>Index among the series' remnants, for what all time needs beyond sums; otherwise -1.</summary>
    public int Remnant { get; init; } = -1;

    /// <summary>Length of the window, or 0 for all time.</summary>
    public long WindowMicros { get; init; }

    /// <summary>Age of the newest event beyond which the value is null, or 0 for no limit.</summary>
    public long MaximumAgeMicros { get; init; }

    /// <summary>How many values lists give.</summary>
    public int K { get; init; } = 1;

    /// <summary>Which quantile.</summary>
    public double Quantile { get; init; } = Median;

    /// <summary>Age at which an event counts half.</summary>
    public double HalfLifeMicros { get; init; }

    /// <summary>What few events are drawn towards.</summary>
    public double Prior { get; init; }

    /// <summary>How many events the prior is worth.</summary>
    public double Strength { get; init; }

    /// <summary>True where <see cref="EventSeries.Texts"/> gives the value.</summary>
    public bool GivesTexts => Operation is FeatureOperation.LastTexts or FeatureOperation.FirstText;

    /// <summary>True where the value is another at every moment, though nothing happens.</summary>
    public bool IsMoving => Operation is FeatureOperation.Age or FeatureOperation.DecayedCount or FeatureOperation.DecayedSum;

    /// <summary>How far back it looks; all time is furthest.</summary>
    public long Reach => WindowMicros == 0 ? long.MaxValue : WindowMicros;

    /// <summary>True where it sees the same events of a series as another.</summary>
    public bool SeesAs(FeaturePlan other) =>
        WindowMicros == other.WindowMicros && MaximumAgeMicros == other.MaximumAgeMicros;

    /// <summary>True where it computes the same as another, perhaps over another window.</summary>
    public bool FoldsAs(FeaturePlan other) =>
        Operation == other.Operation && Slot == other.Slot && HalfLifeMicros == other.HalfLifeMicros;
}
