namespace Tandem.Learning.Sasrec;

/// <summary>Settings of <see cref="SasrecTrainer"/>.</summary>
public sealed record SasrecOptions
{
    /// <summary>Length of an item's factor and of every row inside, 4 to 1024, default 64; a multiple of
    /// <see cref="Heads"/>.</summary>
    public int Factors { get; init; } = 64;

    /// <summary>Blocks of attention and a feed-forward network, 1 to 12, default 2.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Heads of attention, 1 to 64, default 2.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>Last items of a history that are read, 1 to 1000, default 50.</summary>
    public int HistoryLength { get; init; } = 50;

    /// <summary>Share of activations dropped while learning, 0 to 0.9, default 0.3.</summary>
    public double Dropout { get; init; } = 0.3;

    /// <summary>Wrong items that a step compares with, 0 to 1,000,000; 0, the default, is all items up to 32,768, else
    /// 4,096.</summary>
    public int Negatives { get; init; }

    /// <summary>Sequences a step, 1 to 65,536, default 128.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Rate of Adam, above 0, default 0.001.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Share of weights and factors that a step at rate 1 takes away, ≥ 0, default 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Passes over all sequences at most, 1 to 10,000, default 60.</summary>
    public int Epochs { get; init; } = 60;

    /// <summary>Passes without a better NDCG@10 on held-out users after which to stop, 0 to 1000, default 5; 0 holds nobody
    /// out and runs all passes.</summary>
    public int Patience { get; init; } = 5;
}
