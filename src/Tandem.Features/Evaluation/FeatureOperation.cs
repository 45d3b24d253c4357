namespace Tandem.Features.Evaluation;

/// <summary>What a feature computes.</summary>
internal enum FeatureOperation
{
    Count = 0,
    Sum = 1,
    Mean = 2,
    LastNumber = 3,

    /// <summary><c>last_k</c>, and <c>last</c> of a text: k is then 1.</summary>
    LastTexts = 4,
    Variance = 5,
    Deviation = 6,

    /// <summary><c>rate</c> and, with a second column, <c>ratio</c>.</summary>
    Rate = 7,
    Age = 8,
    Min = 9,
    Max = 10,
    FirstNumber = 11,
    FirstText = 12,
    DecayedCount = 13,
    DecayedSum = 14,
    Quantile = 15,
    Unique = 16,
    ApproximateUnique = 17,
    TopNumbers = 18,
    BottomNumbers = 19,
    Histogram = 20,
    Sequence = 21,
}
