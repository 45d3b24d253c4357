using Tandem.Faults;
using Tandem.Spec.Grammar;

namespace Tandem.Spec;

/// <summary>One feature: an operator over a window.</summary>
public sealed record AggregateSpec
{
    /// <summary>How many values are kept where nothing is said.</summary>
    public const int DefaultK = 20;

    /// <summary>Reads a feature from one line, as tandem.yaml has it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="line">The line: <c>mean watch_fraction over 7d</c>, <c>last_k item 50</c>.</param>
    /// <exception cref="TandemException">SPC016: it is none.</exception>
    public static AggregateSpec Parse(string name, string line) =>
        (AggregateTextShape.Read(line) ?? throw new TandemException(SpecErrors.Malformed(
            $"'{line}'", $"The feature '{name}'", new AggregateTextShape().Expected, AggregateTextShape.Remedy))) with
        {
            Name = name,
        };

    /// <summary>Name of the feature, unique in its view.</summary>
    public required string Name { get; init; }

    /// <summary>Name of an operator, such as <c>count</c> or <c>mean</c>.</summary>
    public required string Operator { get; init; }

    /// <summary>What the operator reads: a column, an entity, or a text column of the table about an entity
    /// (<c>item.category</c>); null for those that read nothing.</summary>
    public string? Column { get; init; }

    /// <summary>Length of the window; null is all time.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>How many values <c>last_k</c>, <c>sequence</c>, <c>top_k</c>, <c>bottom_k</c> and <c>histogram</c> give, 1 to
    /// 1000.</summary>
    public int K { get; init; } = DefaultK;

    /// <summary>For <c>ratio</c>: the column below the line.</summary>
    public string? Per { get; init; }

    /// <summary>For <c>sequence</c>: the column that weighs each value; null weighs none.</summary>
    public string? Weight { get; init; }

    /// <summary>For <c>quantile</c>: which, 0 to 1; null is the median.</summary>
    public double? Quantile { get; init; }

    /// <summary>For <c>decayed_count</c> and <c>decayed_sum</c>: age at which an event counts half.</summary>
    public TimeSpan? HalfLife { get; init; }

    /// <summary>For <c>rate</c> and <c>ratio</c>: the value that few events are drawn towards.</summary>
    public double Prior { get; init; }

    /// <summary>For <c>rate</c> and <c>ratio</c>: how many events the prior is worth; 0 smooths nothing.</summary>
    public double Strength { get; init; }

    /// <summary>A text column, an entity, or a text column of its table: the feature is computed apart for each of <see cref="Values"/>, as
    /// <c>name.value</c>; null computes it once.</summary>
    public string? By { get; init; }

    /// <summary>The values of <see cref="By"/> that have a feature.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
