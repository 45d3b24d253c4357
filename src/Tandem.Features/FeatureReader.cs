using System.Runtime.InteropServices;
using Tandem.Features.Evaluation;

namespace Tandem.Features;

/// <summary>Reads the features of a set from the online store, one entity at a time, into the caller's
/// vector.</summary>
/// <remarks>Thread safe; allocates nothing.</remarks>
public sealed class FeatureReader
{
    private readonly Dictionary<string, Cell[]> _entities;

    internal FeatureReader(FeatureSet set, Dictionary<string, Cell[]> entities)
    {
        Set = set;
        _entities = entities;
    }

    /// <summary>The set, which gives the layout of the vector.</summary>
    public FeatureSet Set { get; }

    /// <summary>Reads the features of one entity and leaves the others' places as they are: a request reads its user
    /// once and each item in turn.</summary>
    /// <param name="entity">Name of the entity, or <see cref="FeatureView.GlobalEntity"/>.</param>
    /// <param name="id">Its id; any text for the global entity.</param>
    /// <param name="asOf">The moment: only what had happened and was known then counts.</param>
    /// <param name="values">The vector, length of the set; receives NaN where a value is null.</param>
    public void Read(string entity, string id, DateTimeOffset asOf, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Set.Count, nameof(values));
        if (!_entities.TryGetValue(entity, out Cell[]? cells))
        {
            return;
        }

        long moment = Micros.Of(asOf);
        EntityIndex? ids = null;
        int number = -1;
        foreach (Cell cell in cells)
        {
            // The shelves of an entity share one index, so its number is looked up once.
            if (!ReferenceEquals(ids, cell.Shelf.Ids))
            {
                ids = cell.Shelf.Ids;
                number = cell.Shelf.Entity(id);
            }

            values[cell.Index] = (float)cell.Shelf.Number(number, cell.Plan, moment);
        }
    }

    /// <summary>Where a feature's value goes and comes from.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Cell(int Index, SeriesShelf Shelf, FeaturePlan Plan);
}
