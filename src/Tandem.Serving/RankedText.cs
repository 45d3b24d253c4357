namespace Tandem.Serving;

/// <summary>A feature of texts that a ranking model reads.</summary>
/// <param name="View">Its view.</param>
/// <param name="Feature">Its name there.</param>
/// <param name="Entity">Whose it is.</param>
/// <param name="Most">Most texts that it gives.</param>
internal sealed record RankedText(string View, string Feature, string Entity, int Most);
