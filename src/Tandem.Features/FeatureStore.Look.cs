using System.Collections.Concurrent;
using System.Text;
using Tandem.Events;
using Tandem.Features.Evaluation;

namespace Tandem.Features;

public sealed partial class FeatureStore
{
    private readonly ConcurrentDictionary<string, ComputeReader> _computed = new(StringComparer.Ordinal);

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

    /// <summary>Reads a feature that is computed from others.</summary>
    /// <param name="view">A view that computes.</param>
    /// <param name="feature">One of its features.</param>
    /// <param name="ids">Ids, by entity; an entity that is not there is nobody.</param>
    /// <param name="context">Values of the request, a JSON object of columns of the impression; empty for none.</param>
    /// <param name="asOf">The moment.</param>
    public OnlineValue Look(
        FeatureView view, FeatureDefinition feature, IReadOnlyDictionary<string, string> ids,
        ReadOnlyMemory<byte> context, DateTimeOffset asOf)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(feature);
        ArgumentNullException.ThrowIfNull(ids);
        ComputedFeature computed = feature.Computed ?? throw new ArgumentException("It is not computed.", nameof(feature));
        ComputeReader reader = _computed.GetOrAdd(
            computed.Name, _ => new ComputeReader(
                new ComputePlan([computed], [], view.Impression), _finder, _codes, Find));
        long moment = Micros.Of(asOf);
        ComputeRow row = reader.Rent();
        row.Begin(moment);
        row.SetRequest(context.Span);
        foreach (string entity in computed.Entities)
        {
            if (entity == FeatureView.GlobalEntity || ids.ContainsKey(entity))
            {
                reader.Read(row, entity, ids.GetValueOrDefault(entity, ""), moment);
            }
        }

        reader.ReadPairs(row, new RowIds(null, null, null, null, ids), moment);
        row.Run();
        FeatureValue value = row.Value(reader.Plan.CellOf(computed.Name), computed.Type);
        reader.Return(row);
        return new OnlineValue(value, value.IsNull ? FeatureStatus.NullValue : FeatureStatus.Present, null);
    }

    /// <summary>Gives the id of a pair, as <see cref="Look(string, IReadOnlyList{string}, DateTimeOffset)"/> takes it.</summary>
    /// <param name="view">A view of pairs.</param>
    /// <param name="part">Gives a part by its name, or null: an entity; and, where the second part is a column, that column
    /// as the view names it. Of <c>item.category</c> either it or <c>item</c>, whose row in the table is then looked
    /// up as it is now.</param>
    /// <returns>The id, or null where a part is not known.</returns>
    public string? PairOf(FeatureView view, Func<string, string?> part)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(part);
        PairKey pair = view.Pair ?? throw new ArgumentException("It is no view of pairs.", nameof(view));
        if (part(pair.First) is not { } first)
        {
            return null;
        }

        string? second = part(pair.Second);
        if (second is null && pair.Attribute is { } attribute && part(attribute.Entity) is { } id
            && _finder.TryAttribute(attribute, id, out ReadOnlySpan<byte> text))
        {
            second = Encoding.UTF8.GetString(text);
        }

        return second is null ? null : PairText.Join(first, second);
    }

    /// <summary>Gives the pairs that the parts of a row name, of all views that belong to pairs, those among them that only
    /// computed features read.</summary>
    /// <param name="part">Gives a part by its name, or null, as <see cref="PairOf"/> asks for it.</param>
    public IEnumerable<EntityKey> PairsOf(Func<string, string?> part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return FeatureView.Kept(Views).Where(static view => view.Pair is not null)
            .Select(view => (view.Entity, Id: PairOf(view, part))).Where(static pair => pair.Id is not null)
            .Select(static pair => new EntityKey(pair.Entity, pair.Id!));
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
