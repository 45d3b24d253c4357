namespace Tandem.Learning.Trees;

/// <summary>A leaf of the tree under way: its rows, the sums of their gradients, and its best split.</summary>
internal sealed class GrownLeaf
{
    /// <summary>Number in the tree.</summary>
    public required int Node { get; init; }

    public required int Depth { get; init; }

    /// <summary>First of the rows to learn from.</summary>
    public required int Start { get; init; }

    public required int Count { get; init; }

    /// <summary>First of the rows that only follow: drawn out, or held back.</summary>
    public required int FollowStart { get; init; }

    public required int FollowCount { get; init; }

    /// <summary>Packed sum of the gradients.</summary>
    public long Sum { get; set; }

    /// <summary>Least that it may give.</summary>
    public double Lower { get; set; } = double.NegativeInfinity;

    /// <summary>Most that it may give.</summary>
    public double Upper { get; set; } = double.PositiveInfinity;

    /// <summary>Sums by slot and bin; null where it will not be split.</summary>
    public long[]? Histogram { get; set; }

    public FoundSplit? Best { get; set; }

    /// <summary>Columns whose best split left too few rows on a side.</summary>
    public HashSet<int> Refused { get; } = [];
}
