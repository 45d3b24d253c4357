namespace Tandem.Features.Evaluation;

/// <summary>How one feature is computed from a series.</summary>
/// <param name="Operation">What is computed.</param>
/// <param name="Slot">Index among the series' sums, numbers or codes, by operation; -1 for count.</param>
/// <param name="WindowMicros">Length of the window, or 0 for all time.</param>
/// <param name="MaximumAgeMicros">Age of the newest event beyond which the value is null, or 0 for no limit.</param>
/// <param name="K">How many values <see cref="FeatureOperation.LastTexts"/> gives.</param>
internal readonly record struct FeaturePlan(
    FeatureOperation Operation, int Slot, long WindowMicros, long MaximumAgeMicros, int K);
