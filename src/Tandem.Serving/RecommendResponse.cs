namespace Tandem.Serving;

/// <summary>An answer: items in order, and where it came from.</summary>
/// <param name="RequestId">Identity of the answer; its impressions carry it, and actions should.</param>
/// <param name="ModelVersion">Version of the model that answered.</param>
/// <param name="Items">The items, best first.</param>
/// <param name="Trace">What each stage did; null unless asked for.</param>
public sealed record RecommendResponse(
    string RequestId, string ModelVersion, IReadOnlyList<RecommendedItem> Items, IReadOnlyList<StageTrace>? Trace)
{
    /// <summary>The feature values behind the order; null where it is that of retrieval.</summary>
    internal ServedValues? Values { get; init; }
}
