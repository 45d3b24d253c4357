namespace Tandem.Spec;

/// <summary>One feature: an operator over a window.</summary>
public sealed record AggregateSpec
{
    /// <summary>Name of the feature, unique in its view.</summary>
    public required string Name { get; init; }

    /// <summary><c>count</c>, <c>sum</c>, <c>mean</c>, <c>last</c>, <c>last_k</c>.</summary>
    public required string Operator { get; init; }

    /// <summary>Column, or entity, that the operator reads; null for count.</summary>
    public string? Column { get; init; }

    /// <summary>Length of the window; null is all time.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>For <c>last_k</c>: how many, 1 to 1000.</summary>
    public int K { get; init; } = 20;
}
