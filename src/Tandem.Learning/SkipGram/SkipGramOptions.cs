namespace Tandem.Learning.SkipGram;

/// <summary>Settings of <see cref="SkipGramTrainer"/> and of its model's queries.</summary>
public sealed record SkipGramOptions
{
    /// <summary>Length of the vectors, 1 to 1024, default 64.</summary>
    public int Factors { get; init; } = 64;

    /// <summary>Positions between an item and its context at most, ≥ 1, default 5.</summary>
    public int Reach { get; init; } = 5;

    /// <summary>Items drawn by popularity that stand against each context, ≥ 0, default 5.</summary>
    public int Negatives { get; init; } = 5;

    /// <summary>Items drawn from the group of the item that stand against each context too, ≥ 0, default 0; only where
    /// items are grouped.</summary>
    public int MarketNegatives { get; init; }

    /// <summary>Power of an item's count by which negatives are drawn, 0 to 1, default 0.75.</summary>
    public double CountExponent { get; init; } = 0.75;

    /// <summary>Days between two rows that end a session, where times are known, ≥ 0; 0, the default, makes a history
    /// one session.</summary>
    public double SessionGapDays { get; init; }

    /// <summary>Step of the descent in the first epoch, above 0, default 0.25; it falls to zero in a straight
    /// line.</summary>
    public double LearningRate { get; init; } = 0.25;

    /// <summary>Passes over the rows, 1 to 10,000, default 50.</summary>
    public int Epochs { get; init; } = 50;

    /// <summary>Last items of the history that are asked, ≥ 1, default 10.</summary>
    public int HistoryLength { get; init; } = 10;

    /// <summary>Factor for each step back in the history, above 0 to 1, default 0.8.</summary>
    public double RecencyDecay { get; init; } = 0.8;
}
