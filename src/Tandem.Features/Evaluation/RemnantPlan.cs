namespace Tandem.Features.Evaluation;

/// <summary>Which remnant a series keeps.</summary>
/// <param name="Operation">What it is for.</param>
/// <param name="Slot">Index among the series' numbers or codes, by operation.</param>
/// <param name="K">How many numbers it holds at most.</param>
internal readonly record struct RemnantPlan(FeatureOperation Operation, int Slot, int K)
{
    /// <summary>True where an operation over all time needs more of dropped events than totals.</summary>
    public static bool IsFor(FeatureOperation operation) => operation is FeatureOperation.Min or FeatureOperation.Max
        or FeatureOperation.FirstNumber or FeatureOperation.FirstText or FeatureOperation.Quantile
        or FeatureOperation.Unique or FeatureOperation.ApproximateUnique or FeatureOperation.TopNumbers
        or FeatureOperation.BottomNumbers or FeatureOperation.Histogram;

    /// <summary>True where large numbers are better.</summary>
    public bool PrefersLarge => Operation is FeatureOperation.Max or FeatureOperation.TopNumbers;

    /// <summary>True where it reads texts.</summary>
    public bool ReadsTexts => Operation is FeatureOperation.FirstText or FeatureOperation.Unique
        or FeatureOperation.ApproximateUnique or FeatureOperation.Histogram;
}
