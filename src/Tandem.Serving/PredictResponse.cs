namespace Tandem.Serving;

/// <summary>An answer: a probability for each item, in the order of the question.</summary>
/// <param name="RequestId">Identity of the answer; its impressions carry it, and actions should.</param>
/// <param name="ModelVersion">Version of the model that answered.</param>
/// <param name="Predictions">One an item.</param>
public sealed record PredictResponse(string RequestId, string ModelVersion, IReadOnlyList<Prediction> Predictions)
{
    /// <summary>The feature values that were read.</summary>
    internal ServedValues? Values { get; init; }
}
