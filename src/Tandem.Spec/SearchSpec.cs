namespace Tandem.Spec;

/// <summary>How settings are searched where candidates give ranges: successive halving on rows of their own.</summary>
public sealed record SearchSpec
{
    /// <summary>Settings to begin with, over all candidates, 2 to 1000.</summary>
    public int Trials { get; init; } = 18;

    /// <summary>Of so many settings one goes on to the next round, with so many times the users; 2 to 10.</summary>
    public int Halving { get; init; } = 3;

    /// <summary>Time after which no more settings are tried.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What is maximised; null takes the gate's metric, or the first of <c>evaluation.metrics</c> where the gate
    /// looks at shown lists.</summary>
    public string? Metric { get; init; }
}
