namespace Tandem.Learning.Markov;

/// <summary>Settings of <see cref="MarkovTrainer"/> and of its model's queries.</summary>
public sealed record MarkovOptions
{
    /// <summary>Steps ahead that count as a transition, ≥ 1, default 10; 1 is the chain of first order alone.</summary>
    public int Steps { get; init; } = 10;

    /// <summary>Factor of each step further, above 0 to 1, default 0.8.</summary>
    public double StepDecay { get; init; } = 0.8;

    /// <summary>Transitions that the popular answer counts for beside an item's own, ≥ 0, default 5.</summary>
    public double Smoothing { get; init; } = 5;

    /// <summary>Neighbours kept an item, ≥ 0, default 1000; 0 keeps all.</summary>
    public int Neighbours { get; init; } = 1000;

    /// <summary>Last items of the history that are asked, ≥ 1, default 10.</summary>
    public int HistoryLength { get; init; } = 10;

    /// <summary>Factor for each step back in the history, above 0 to 1, default 0.6.</summary>
    public double RecencyDecay { get; init; } = 0.6;

    /// <summary>Days in which a transition's weight halves, where times are known; 0, the default, is off.</summary>
    public double HalfLifeDays { get; init; }
}
