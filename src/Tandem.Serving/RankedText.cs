using Tandem.Features;

namespace Tandem.Serving;

/// <summary>A feature of texts that a model reads.</summary>
/// <param name="View">Its view.</param>
/// <param name="Feature">Its name there.</param>
/// <param name="Entity">Whose it is.</param>
/// <param name="Most">Most texts that it gives.</param>
internal sealed record RankedText(string View, string Feature, string Entity, int Most)
{
    /// <summary>Finds a feature among those that a store computes; null where it is not one of them.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">Its name as <c>view:feature</c>.</param>
    public static RankedText? Find(FeatureStore store, string name) =>
        FeatureView.Find(store.Views, name) is var (view, feature)
            ? new RankedText(view.Name, feature.Name, view.Entity, store.MostIds(view.Name, feature.Name))
            : null;
}
