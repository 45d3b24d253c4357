using System.Text.Json.Serialization;

namespace Tandem.Bench;

/// <summary>One measured number, beside its peer or its limit where it has one.</summary>
public sealed record Figure
{
    /// <summary>What was measured, in a few words.</summary>
    public required string Name { get; init; }

    /// <summary>Its unit, such as <c>events/s</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Ours: the median over the rounds.</summary>
    public required double Value { get; init; }

    /// <summary>What it is held against, or null.</summary>
    public string? Peer { get; init; }

    /// <summary>The peer's number: the median over the rounds.</summary>
    public double? PeerValue { get; init; }

    /// <summary>Ours divided by the peer's, each round on its own: the median.</summary>
    public double? Ratio { get; init; }

    /// <summary>Least and greatest ratio of the rounds.</summary>
    public IReadOnlyList<double>? RatioRange { get; init; }

    /// <summary>Least value that is asked for, or null.</summary>
    public double? AtLeast { get; init; }

    /// <summary>Greatest value that is asked for, or null.</summary>
    public double? AtMost { get; init; }

    /// <summary>Least ratio that is asked for, or null.</summary>
    public double? RatioAtLeast { get; init; }

    /// <summary>True where everything asked for is met; null where nothing is asked for.</summary>
    [JsonInclude]
    public bool? IsMet => AtLeast is null && AtMost is null && RatioAtLeast is null
        ? null
        : !(Value < AtLeast) && !(Value > AtMost) && !(Ratio < RatioAtLeast);
}
