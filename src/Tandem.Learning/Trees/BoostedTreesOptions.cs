namespace Tandem.Learning.Trees;

/// <summary>Settings of boosted trees. The catalogue's entry holds their ranges.</summary>
public sealed record BoostedTreesOptions
{
    /// <summary>Rounds of boosting at most, ≥ 1; a round adds a tree for each score of a row; default 100.</summary>
    public int Trees { get; init; } = 100;

    /// <summary>Factor of what a tree adds, above 0 to 1; default 0.1.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Leaves of a tree at most, ≥ 2; default 31.</summary>
    public int Leaves { get; init; } = 31;

    /// <summary>Splits on the way to a leaf at most; 0, the default, for no bound.</summary>
    public int Depth { get; init; }

    /// <summary>True to split level by level; false, the default, to split the leaf that gains most.</summary>
    public bool DepthWise { get; init; }

    /// <summary>Rows of a leaf at least, ≥ 1; default 20.</summary>
    public int MinRows { get; init; } = 20;

    /// <summary>Sum of the second derivatives in a leaf at least, ≥ 0; default 0.001.</summary>
    public double MinWeight { get; init; } = 1e-3;

    /// <summary>λ: pull of what leaves give to zero, ≥ 0; default 1.</summary>
    public double Regularisation { get; init; } = 1;

    /// <summary>How far a split must lower the loss, summed over rows, at least; ≥ 0, default 0.</summary>
    public double MinGain { get; init; }

    /// <summary>Share of the rows that each round draws, above 0 to 1; default 1.</summary>
    public double RowShare { get; init; } = 1;

    /// <summary>Share of the columns that each tree may split by, above 0 to 1; default 1.</summary>
    public double ColumnShare { get; init; } = 1;

    /// <summary>Bins of a column at most, 2 to 255; default 255.</summary>
    public int Bins { get; init; } = 255;

    /// <summary>Share of the rows, or of the groups, held back to tell when to stop; 0, the default, for none.</summary>
    public double ValidationShare { get; init; }

    /// <summary>Rounds without a better loss on them before it stops, ≥ 1; default 20.</summary>
    public int Patience { get; init; } = 20;

    /// <summary>Categories that a split sends left at most, ≥ 1; default 32.</summary>
    public int SetCategories { get; init; } = 32;

    /// <summary>Added to the second derivatives of a category before categories are put in order, ≥ 0; default
    /// 10.</summary>
    public double CategorySmoothing { get; init; } = 10;

    /// <summary>λ of splits by categories, on top, ≥ 0; default 10.</summary>
    public double CategoryRegularisation { get; init; } = 10;

    /// <summary>Places of a group whose pairs count, ≥ 1, for the target <see cref="RowTargetKind.Order"/>; default
    /// 30.</summary>
    public int Truncation { get; init; } = 30;

    /// <summary>Share of the rounds, 0 to 1, that fit the grades themselves before the others fit the order of a group, for
    /// the target <see cref="RowTargetKind.Order"/>; default 0.5. Rounds after a former model fit the order.</summary>
    public double GradeShare { get; init; } = 0.5;

    /// <summary>True to weigh all pairs of a group alike (RankNet); false, the default, by what swapping them does to NDCG
    /// (LambdaMART).</summary>
    public bool Pairwise { get; init; }

    /// <summary>MiB that bins and sums may take, ≥ 1; default 8192.</summary>
    public int MemoryMb { get; init; } = 8192;

    /// <summary><see cref="LabelledRows.Directions"/> of the rows that are fitted.</summary>
    internal IReadOnlyList<int> Directions { get; init; } = [];
}
