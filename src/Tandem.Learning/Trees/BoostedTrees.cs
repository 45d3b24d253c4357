using Tandem.Faults;

namespace Tandem.Learning.Trees;

/// <summary>Fits boosted trees and goes on with fitted ones.</summary>
public static class BoostedTrees
{
    /// <summary>Fits.</summary>
    /// <param name="rows">The rows; NaN is a missing value.</param>
    /// <param name="options">Settings.</param>
    /// <param name="context">Seed, threads, progress: the same bytes for any number of threads.</param>
    /// <param name="former">A model of the same columns and target to add trees to, or null to start anew.</param>
    /// <param name="cancellationToken">Stops between rounds.</param>
    /// <exception cref="TandemException">LRN005, LRN041 to LRN044, LRN047 and LRN075.</exception>
    /// <exception cref="ArgumentException">The rows' arrays do not fit together.</exception>
    public static BoostedTreesModel Fit(
        LabelledRows rows, BoostedTreesOptions options, FitContext context, BoostedTreesModel? former = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        rows.ThrowUnlessSound(takesMissing: true);
        if (rows.Count == 0)
        {
            throw new TandemException(LearningErrors.NoRows(BoostedTreesModel.KindName));
        }

        return FitChecked(rows, options, context, former, cancellationToken);
    }

    /// <summary>Reads a model that LightGBM saved as text.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="TandemException">LRN045: it is none; LRN046: it holds what Tandem does not read.</exception>
    public static BoostedTreesModel ReadLightGbm(TextReader text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return LightGbmFile.Read(text);
    }

    /// <summary>Reads a model that XGBoost saved as JSON.</summary>
    /// <param name="source">The JSON, in UTF-8.</param>
    /// <exception cref="TandemException">LRN045: it is none; LRN046: it holds what Tandem does not read.</exception>
    public static BoostedTreesModel ReadXgBoost(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return XgBoostFile.Read(source);
    }

    internal static BoostedTreesModel FitChecked(
        LabelledRows rows, BoostedTreesOptions options, FitContext context, BoostedTreesModel? former,
        CancellationToken cancellationToken)
    {
        if (rows.Target.Kind == RowTargetKind.Order && rows.Groups.Length == 0)
        {
            throw new TandemException(LearningErrors.NoGroups(BoostedTreesModel.KindName));
        }

        if (former is not null && (former.DenseCount != rows.DenseCount || former.SparseCount != rows.SparseCount
            || former.Target.Kind != rows.Target.Kind || former.Target.OutputCount != rows.Target.OutputCount))
        {
            throw new TandemException(LearningErrors.OtherForest(
                former.DenseCount, former.SparseCount, rows.DenseCount, rows.SparseCount));
        }

        bool isBound = rows.Directions.AsSpan().ContainsAnyExcept(0);
        if (isBound && rows.Target.Kind is RowTargetKind.Multiclass or RowTargetKind.Multilabel or RowTargetKind.Quantile)
        {
            throw new TandemException(LearningErrors.NoDirectionsOf(rows.Target.Kind));
        }

        cancellationToken.ThrowIfCancellationRequested();
        using BoostingRun run = new(rows, options with { Directions = isBound ? rows.Directions : [] }, context, former, cancellationToken);
        Forest forest = run.Boost(former?.Trees, cancellationToken);
        return new BoostedTreesModel(rows.Target, rows.DenseCount, rows.SparseCount, run.Starts, forest);
    }
}
