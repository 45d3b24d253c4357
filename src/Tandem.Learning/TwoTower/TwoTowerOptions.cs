namespace Tandem.Learning.TwoTower;

/// <summary>Settings of <see cref="TwoTowerTrainer"/>.</summary>
public sealed record TwoTowerOptions
{
    /// <summary>Length of the vectors, and of every embedding, 1 to 1024, default 64. Multiples of 32 waste
    /// nothing.</summary>
    public int Factors { get; init; } = 64;

    /// <summary>Width of a hidden layer, 1 to 4096, default 128.</summary>
    public int Hidden { get; init; } = 128;

    /// <summary>Hidden layers of each tower, 0 to 4, default 1; without one a vector is the sum of embeddings.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>True, the default, where vectors have length 1.</summary>
    public bool Normalise { get; init; } = true;

    /// <summary>τ, above 0, default 0.1: scores are divided by it before they become shares.</summary>
    public double Temperature { get; init; } = 0.1;

    /// <summary>True, the default, where a user's id is an input.</summary>
    public bool UserIds { get; init; } = true;

    /// <summary>True, the default, where an item's id is an input.</summary>
    public bool ItemIds { get; init; } = true;

    /// <summary>Share of training examples whose id is left out where something else is known, 0 to 1, default 0.1: what
    /// makes towers learn to do without it.</summary>
    public double IdDropout { get; init; } = 0.1;

    /// <summary>Newest items of the history that are an input, 0 to 1000, default 20.</summary>
    public int HistoryLength { get; init; } = 20;

    /// <summary>True, the default, where the items of a history are read by their attributes too.</summary>
    public bool HistoryFeatures { get; init; } = true;

    /// <summary>Factor for each step back in the history, above 0 to 1, default 0.9.</summary>
    public double RecencyDecay { get; init; } = 0.9;

    /// <summary>True, the default, where the order of a user's rows means something: an example then sees the rows before
    /// it, otherwise any others.</summary>
    public bool IsOrdered { get; init; } = true;

    /// <summary>Examples a step, 2 to 65,536, default 1024. Each is a negative of the others.</summary>
    public int BatchSize { get; init; } = 1024;

    /// <summary>Items drawn evenly from all that are negatives of a whole step, 0 to 65,536, default 256.</summary>
    public int UniformNegatives { get; init; } = 256;

    /// <summary>0 to 1, default 1: how much of an item's chance to be a negative is taken out of its scores.</summary>
    public double Correction { get; init; } = 1;

    /// <summary>Step size of Adagrad, above 0, default 0.05.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>Passes over the rows at most, 1 to 1000, default 20.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Share of the rows, the newest, that say when to stop, 0 to 0.5, default 0.05; 0 makes all passes.</summary>
    public double ValidationShare { get; init; } = 0.05;

    /// <summary>Passes without a gain after which fitting stops, 1 to 100, default 2.</summary>
    public int Patience { get; init; } = 2;

    /// <summary>Days in which an example's weight halves, where times are known; 0, the default, is off.</summary>
    public double HalfLifeDays { get; init; }
}
