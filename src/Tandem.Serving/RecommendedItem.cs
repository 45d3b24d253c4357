namespace Tandem.Serving;

/// <summary>One item of an answer.</summary>
/// <param name="Id">Item id.</param>
/// <param name="Position">Place in the list, from 1.</param>
/// <param name="Score">The model's score; comparable within one answer and one source only.</param>
/// <param name="Source">What proposed it: the model kind, <c>fallback</c>, or <c>exploration</c>.</param>
/// <param name="Propensity">Probability with which it was shown in its place, in (0, 1]: half the share left to the
/// model where a toss orders its pair, all of it in the odd last place, or an explored item's part of the rest. Where a rule
/// or the fallback decided, the model's share too. 1 without exploration; null where nothing is shown, as in an answer about
/// likeness.</param>
public sealed record RecommendedItem(string Id, int Position, float Score, string Source, float? Propensity = null);
