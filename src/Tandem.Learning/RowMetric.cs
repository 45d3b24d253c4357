using Tandem.Learning.Rows;

namespace Tandem.Learning;

/// <summary>A metric that row scorers are judged by.</summary>
public sealed record RowMetric
{
    internal RowMetric(Func<JudgedRows, int, RowStatistic> bind) => Bind = bind;

    /// <summary>Name without the number after @, such as <c>recall</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One line of help.</summary>
    public required string Summary { get; init; }

    /// <summary>What its labels may say.</summary>
    public required IReadOnlyList<RowTargetKind> Targets { get; init; }

    /// <summary>True where it is written with a whole number: <c>precision@100</c>.</summary>
    public bool TakesCutoff { get; init; }

    /// <summary>True of losses and errors: less is better.</summary>
    public bool LowerIsBetter { get; init; }

    /// <summary>Prepares the figure for rows: they, and the number after @, or 0.</summary>
    internal Func<JudgedRows, int, RowStatistic> Bind { get; init; }
}
