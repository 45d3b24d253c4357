using Tandem.Learning.Catalogue;

namespace Tandem.Learning.Trees;

/// <summary>The catalogue entry.</summary>
internal static class BoostedTreesKind
{
    private static readonly BoostedTreesOptions Defaults = new();

    public static RowModelKind Kind { get; } = RowKindDefinition.Create(
        BoostedTreesModel.KindName,
        "Gradient-boosted trees: thresholds, interactions and missing values without preparation; the strongest on tables.",
        [
            new("trees", Defaults.Trees, 1, 100_000, IsWhole: true, "Rounds of boosting at most."),
            new("learning_rate", Defaults.LearningRate, 1e-4, 1, IsWhole: false, "Factor of what a tree adds."),
            new("leaves", Defaults.Leaves, 2, 4096, IsWhole: true, "Leaves of a tree at most; beyond 32 scoring is slower."),
            new("depth", Defaults.Depth, 0, 64, IsWhole: true, "Splits on the way to a leaf at most; 0 for no bound."),
            new("depth_wise", 0, 0, 1, IsWhole: true, "1 grows level by level, 0 the leaf that gains most."),
            new("min_rows", Defaults.MinRows, 1, 1e9, IsWhole: true, "Rows of a leaf at least."),
            new("min_weight", Defaults.MinWeight, 0, 1e9, IsWhole: false, "Sum of second derivatives in a leaf at least."),
            new("regularisation", Defaults.Regularisation, 0, 1e6, IsWhole: false, "Pull of what leaves give to zero (L2)."),
            new("min_gain", Defaults.MinGain, 0, 1e9, IsWhole: false, "How far a split lowers the summed loss at least."),
            new("row_share", Defaults.RowShare, 0.01, 1, IsWhole: false, "Share of the rows drawn for each round."),
            new("column_share", Defaults.ColumnShare, 0.001, 1, IsWhole: false, "Share of the columns drawn for each round."),
            new("bins", Defaults.Bins, 2, 255, IsWhole: true, "Bins of a column at most."),
            new("validation_share", Defaults.ValidationShare, 0, 0.5, IsWhole: false,
                "Share of rows, or of groups, held back to tell when to stop; 0 for none."),
            new("patience", Defaults.Patience, 1, 10_000, IsWhole: true, "Rounds without improvement on them before it stops."),
            new("set_categories", Defaults.SetCategories, 1, 254, IsWhole: true, "Categories that a split sends left at most."),
            new("category_smoothing", Defaults.CategorySmoothing, 0, 1e6, IsWhole: false,
                "Weight added to a category before categories are put in order."),
            new("category_regularisation", Defaults.CategoryRegularisation, 0, 1e6, IsWhole: false,
                "Regularisation of splits by categories, on top."),
            new("truncation", Defaults.Truncation, 1, 100_000, IsWhole: true, "Places of a group whose pairs count, for orders."),
            new("grade_share", Defaults.GradeShare, 0, 1, IsWhole: false,
                "Share of the rounds that fit grades as numbers before the others fit the order, for orders."),
            new("pairwise", 0, 0, 1, IsWhole: true, "1 weighs all pairs of a group alike, 0 by their share in NDCG."),
            new("memory_mb", Defaults.MemoryMb, 1, 1_000_000, IsWhole: true, "MiB that bins and sums may take."),
        ],
        static (values, rows, context, cancellationToken) => BoostedTrees.FitChecked(
            rows, ToOptions(values), context, former: null, cancellationToken),
        BoostedTreesModel.Load,
        Enum.GetValues<RowTargetKind>(),
        takesMissing: true,
        takesDirections: true);

    private static BoostedTreesOptions ToOptions(ParameterValues values) => new()
    {
        Trees = values.Whole("trees"),
        LearningRate = values.Number("learning_rate"),
        Leaves = values.Whole("leaves"),
        Depth = values.Whole("depth"),
        DepthWise = values.Whole("depth_wise") == 1,
        MinRows = values.Whole("min_rows"),
        MinWeight = values.Number("min_weight"),
        Regularisation = values.Number("regularisation"),
        MinGain = values.Number("min_gain"),
        RowShare = values.Number("row_share"),
        ColumnShare = values.Number("column_share"),
        Bins = values.Whole("bins"),
        ValidationShare = values.Number("validation_share"),
        Patience = values.Whole("patience"),
        SetCategories = values.Whole("set_categories"),
        CategorySmoothing = values.Number("category_smoothing"),
        CategoryRegularisation = values.Number("category_regularisation"),
        Truncation = values.Whole("truncation"),
        GradeShare = values.Number("grade_share"),
        Pairwise = values.Whole("pairwise") == 1,
        MemoryMb = values.Whole("memory_mb"),
    };
}
