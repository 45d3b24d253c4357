namespace Tandem.Serving;

/// <summary>Settings of the prediction service.</summary>
public sealed record ServingOptions
{
    /// <summary>Items in an answer unless the request says otherwise, 1 to 1000; default 10.</summary>
    public int Slots { get; init; } = 10;

    /// <summary>Candidates that retrieval hands on, 1 to 10000; default 200.</summary>
    public int CandidateCount { get; init; } = 200;

    /// <summary>True to leave out what the user met; default true.</summary>
    public bool ExcludeSeen { get; init; } = true;

    /// <summary>Last actions that a request scores from, 1 to 1000; default 50.</summary>
    public int HistoryLength { get; init; } = 50;

    /// <summary>Probability with which a place goes to an item drawn by chance, 0 to 1; default 0.</summary>
    public double Exploration { get; init; }

    /// <summary>Seed of the draws, default 42.</summary>
    public ulong Seed { get; init; } = 42;
}
