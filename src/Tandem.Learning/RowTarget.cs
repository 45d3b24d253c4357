namespace Tandem.Learning;

/// <summary>What the labels of rows say, and so what the scores of a model fitted on them mean.</summary>
/// <param name="Kind">What a label says.</param>
public sealed record RowTarget(RowTargetKind Kind)
{
    /// <summary>1 or 0.</summary>
    public static RowTarget Binary { get; } = new(RowTargetKind.Binary);

    /// <summary>Classes of <see cref="RowTargetKind.Multiclass"/>, 2 or more, or heads of
    /// <see cref="RowTargetKind.Multilabel"/>, 1 or more; otherwise 0.</summary>
    public int Classes { get; init; }

    /// <summary>The quantiles of <see cref="RowTargetKind.Quantile"/>, each above 0 and below 1, ascending; otherwise
    /// empty.</summary>
    public IReadOnlyList<double> Quantiles { get; init; } = [];

    /// <summary>Labels a row.</summary>
    public int LabelCount => Kind == RowTargetKind.Multilabel ? Classes : 1;

    /// <summary>Scores a row.</summary>
    public int OutputCount => Kind switch
    {
        RowTargetKind.Multiclass or RowTargetKind.Multilabel => Classes,
        RowTargetKind.Quantile => Quantiles.Count,
        _ => 1,
    };

    /// <summary>True where a label can be this one.</summary>
    internal bool Takes(float label) => float.IsFinite(label) && Kind switch
    {
        RowTargetKind.Binary or RowTargetKind.Multilabel => label is 0 or 1,
        RowTargetKind.Multiclass => label >= 0 && label < Classes && label == MathF.Floor(label),
        RowTargetKind.Count => label >= 0,
        RowTargetKind.Order => label is >= 0 and <= 30 && label == MathF.Floor(label),
        _ => true,
    };
}
