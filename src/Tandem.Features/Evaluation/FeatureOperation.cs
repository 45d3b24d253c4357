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
}
