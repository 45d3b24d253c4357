namespace Tandem.Serving;

/// <summary>Items like an item.</summary>
/// <param name="ItemId">The item asked about.</param>
/// <param name="ModelVersion">Version of the model that answered.</param>
/// <param name="Items">The most similar first.</param>
public sealed record SimilarResponse(string ItemId, string ModelVersion, IReadOnlyList<RecommendedItem> Items);
