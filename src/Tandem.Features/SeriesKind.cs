namespace Tandem.Features;

/// <summary>Series that are kept alike: the events of one source, under the same conditions, of one entity.</summary>
/// <param name="Hash">What they keep, <c>sha256:…</c>: packed series of one kind are read under any with the same
/// hash.</param>
/// <param name="Entity">Name of the entity, or <see cref="FeatureView.GlobalEntity"/>.</param>
public readonly record struct SeriesKind(string Hash, string Entity);
