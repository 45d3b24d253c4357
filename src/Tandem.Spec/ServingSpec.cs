namespace Tandem.Spec;

/// <summary>How requests are answered.</summary>
public sealed record ServingSpec
{
    /// <summary>Items in an answer unless the request says otherwise, 1 to 1000.</summary>
    public int Slots { get; init; } = 10;

    /// <summary>Candidates that retrieval hands on, 1 to 10000.</summary>
    public int CandidateCount { get; init; } = 200;

    /// <summary>How the items of a large catalogue are searched.</summary>
    public IndexSpec Index { get; init; } = new();

    /// <summary>True to leave out what the user already met.</summary>
    public bool ExcludeSeen { get; init; } = true;

    /// <summary>Last actions that a request scores from, 1 to 1000.</summary>
    public int HistoryLength { get; init; } = 50;

    /// <summary>Share of slots filled by chance, 0 to 1. Above 0, a toss also orders each pair of neighbours.</summary>
    public double Exploration { get; init; } = 0;

    /// <summary>Model kind that answers where the champion has nothing.</summary>
    public string Fallback { get; init; } = "popular";

    /// <summary>Business rules applied last, in order.</summary>
    public IReadOnlyList<RuleSpec> Rules { get; init; } = [];

    /// <summary><c>immediate</c>, <c>shadow</c> or <c>canary</c>.</summary>
    public string Rollout { get; init; } = "immediate";
}
