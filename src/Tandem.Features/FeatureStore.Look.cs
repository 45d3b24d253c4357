using Tandem.Features.Evaluation;

namespace Tandem.Features;

public sealed partial class FeatureStore
{
    /// <summary>Reads one feature of many entities, with what is known of each value.</summary>
    /// <param name="name">The feature, as <c>view:feature</c>.</param>
    /// <param name="ids">Ids of the entities; any texts for the global entity.</param>
    /// <param name="asOf">The moment: only what had happened and was known then counts.</param>
    /// <returns>One value an id, in order.</returns>
    /// <exception cref="Tandem.Faults.TandemException">FEA009: there is no such feature.</exception>
    public IReadOnlyList<OnlineValue> Look(string name, IReadOnlyList<string> ids, DateTimeOffset asOf)
    {
        ArgumentNullException.ThrowIfNull(ids);
        (SeriesShelf shelf, FeaturePlan plan) = Find(name);
        long moment = Micros.Of(asOf);
        return [.. ids.Select(id => shelf.Look(shelf.Entity(id), plan, moment))];
    }

    /// <summary>Gives the entity that a feature belongs to, or <see cref="FeatureView.GlobalEntity"/>.</summary>
    /// <param name="name">The feature, as <c>view:feature</c>.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA009: there is no such feature.</exception>
    public string EntityOf(string name) => Find(name).Shelf.Plan.Entity;

    private (SeriesShelf Shelf, FeaturePlan Plan) Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? throw FeaturesErrors.UnknownFeature(name) : Find(name[..colon], name[(colon + 1)..]);
    }
}
