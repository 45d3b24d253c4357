namespace Tandem.Learning.CoOccurrence;

/// <summary>Settings of <see cref="CoOccurrenceTrainer"/> and of its model's queries.</summary>
public sealed record CoOccurrenceOptions
{
    /// <summary>Positions between the two items of a pair at most, ≥ 1, default 5.</summary>
    public int Reach { get; init; } = 5;

    /// <summary>Weight of the later item pointing back at the earlier one, relative to forward, ≥ 0, default
    /// 0.5.</summary>
    public double BackwardWeight { get; init; } = 0.5;

    /// <summary>ε ≥ 0, default 1: a pair at distance δ weighs δ^(−ε); 0 makes all distances alike.</summary>
    public double DistanceExponent { get; init; } = 1;

    /// <summary>Added to an item's count before its pairs are divided by a power of it, ≥ 0, default 10: rare items
    /// need more evidence.</summary>
    public double CountShrinkage { get; init; } = 10;

    /// <summary>κ, 0 to 1, default 0.5: that power of the item that is scored. Less of it favours what is
    /// popular.</summary>
    public double CountExponent { get; init; } = 0.5;

    /// <summary>α, 0 to 1, default 0.5: that power of the item in the history. More of it lets rare items say
    /// more.</summary>
    public double AskedExponent { get; init; } = 0.5;

    /// <summary>γ, 0 to 1, default 0: pairs of a user with n rows weigh n^(−γ), so that long histories say
    /// less.</summary>
    public double LengthExponent { get; init; }

    /// <summary>Neighbours kept an item, ≥ 0, default 1000; 0 keeps all.</summary>
    public int Neighbours { get; init; } = 1000;

    /// <summary>Last items of the history that are asked, ≥ 1, default 10.</summary>
    public int HistoryLength { get; init; } = 10;

    /// <summary>Factor for each step back in the history, above 0 to 1, default 0.8.</summary>
    public double RecencyDecay { get; init; } = 0.8;

    /// <summary>Days in which a pair's weight halves, where times are known; 0, the default, is off.</summary>
    public double HalfLifeDays { get; init; }
}
