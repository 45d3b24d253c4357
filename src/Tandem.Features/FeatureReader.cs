using Tandem.Features.Evaluation;

namespace Tandem.Features;

/// <summary>Reads the features of a set from the online store into the caller's vectors.</summary>
/// <remarks>Thread safe; allocates nothing once the entities are in memory.</remarks>
public sealed class FeatureReader
{
    private const int RowsAtOnce = 256;
    private readonly Dictionary<string, Group[]> _entities;

    private readonly ComputeReader? _compute;
    private readonly Group[] _pairs;
    private readonly PairFinder _finder;

    internal FeatureReader(
        FeatureSet set, Dictionary<string, Group[]> entities, Group[] pairs, PairFinder finder, ComputeReader? compute)
    {
        Set = set;
        _pairs = pairs;
        _finder = finder;
        _entities = entities;
        _compute = compute;
    }

    /// <summary>The set, which gives the layout of the vector.</summary>
    public FeatureSet Set { get; }

    /// <summary>Reads every feature of the set for the rows of one answer: one row a candidate, with what all of them
    /// share.</summary>
    /// <param name="request">What the rows share.</param>
    /// <param name="entity">Entity of the candidates.</param>
    /// <param name="ids">Their ids, one a row.</param>
    /// <param name="values">The vectors, shape (ids, features of the set), row-major; receives NaN where a value is
    /// null.</param>
    public void ReadRows(in FeatureRequest request, string entity, ReadOnlySpan<string> ids, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, ids.Length * Set.Count, nameof(values));
        if (ids.IsEmpty)
        {
            return;
        }

        Span<float> first = values[..Set.Count];
        first.Fill(float.NaN);
        Read(FeatureView.GlobalEntity, "", request.AsOf, first);
        if (request is { Entity: { } shared, Id: { } id })
        {
            Read(shared, id, request.AsOf, first);
        }

        for (int row = 1; row < ids.Length; row++)
        {
            first.CopyTo(values.Slice(row * Set.Count, Set.Count));
        }

        Read(entity, ids, request.AsOf, values);
        if (_compute is null && _pairs.Length == 0)
        {
            return;
        }

        ComputeRow? computed = _compute?.Rent();
        computed?.Begin(Micros.Of(request.AsOf));
        computed?.SetRequest(request.Context.Span);
        ReadPairs(request, entity, ids, values, computed);
        if (computed is not null)
        {
            Compute(computed, request, entity, ids, values);
            _compute!.Return(computed);
        }
    }

    private void ReadPairs(
        in FeatureRequest request, string entity, ReadOnlySpan<string> ids, Span<float> values, ComputeRow? said)
    {
        long moment = Micros.Of(request.AsOf);
        for (int i = 0; i < ids.Length && _pairs.Length > 0; i++)
        {
            RowIds row = new(request.Entity, request.Id, entity, ids[i]);
            foreach (Group group in _pairs)
            {
                int pair = _finder.Find(group.Shelf, row, said);
                group.Shelf.Read(pair, group.Plan, moment, values.Slice(i * Set.Count, Set.Count));
            }
        }
    }

    /// <summary>Reads the features of one entity and leaves the others' places as they are: a request reads its user
    /// once and each item in turn.</summary>
    /// <param name="entity">Name of the entity, or <see cref="FeatureView.GlobalEntity"/>.</param>
    /// <param name="id">Its id; any text for the global entity.</param>
    /// <param name="asOf">The moment: only what had happened and was known then counts.</param>
    /// <param name="values">The vector, length of the set; receives NaN where a value is null.</param>
    public void Read(string entity, string id, DateTimeOffset asOf, Span<float> values) =>
        Read(entity, [id], asOf, values);

    /// <summary>Reads the features of many entities of one kind, and leaves the places of other kinds as they
    /// are.</summary>
    /// <param name="entity">Name of the entity, or <see cref="FeatureView.GlobalEntity"/>.</param>
    /// <param name="ids">Their ids; any texts for the global entity.</param>
    /// <param name="asOf">The moment: only what had happened and was known then counts.</param>
    /// <param name="values">The vectors, shape (ids, features of the set), row-major; receives NaN where a value is
    /// null.</param>
    public void Read(string entity, ReadOnlySpan<string> ids, DateTimeOffset asOf, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, ids.Length * Set.Count, nameof(values));
        if (!_entities.TryGetValue(entity, out Group[]? groups))
        {
            return;
        }

        long moment = Micros.Of(asOf);
        Span<int> entities = stackalloc int[Math.Min(ids.Length, RowsAtOnce)];
        for (int first = 0; first < ids.Length; first += RowsAtOnce)
        {
            int count = Math.Min(ids.Length - first, RowsAtOnce);
            for (int i = 0; i < count; i++)
            {
                // The shelves of an entity share one index, so its number is looked up once.
                entities[i] = groups[0].Shelf.Entity(ids[first + i]);
            }

            foreach (Group group in groups)
            {
                for (int i = 0; i < count; i++)
                {
                    Span<float> row = values.Slice((first + i) * Set.Count, Set.Count);
                    group.Shelf.Read(entities[i], group.Plan, moment, row);
                }
            }
        }
    }

    private void Compute(
        ComputeRow row, in FeatureRequest request, string entity, ReadOnlySpan<string> ids, Span<float> values)
    {
        ComputeReader compute = _compute!;
        long moment = Micros.Of(request.AsOf);
        compute.Read(row, FeatureView.GlobalEntity, "", moment);
        if (request is { Entity: { } shared, Id: { } id })
        {
            compute.Read(row, shared, id, moment);
        }

        row.Mark();
        for (int i = 0; i < ids.Length; i++)
        {
            row.Release();
            compute.Read(row, entity, ids[i], moment);
            compute.ReadPairs(row, new RowIds(request.Entity, request.Id, entity, ids[i]), moment);
            row.Run();
            Set.TakeComputed(row, values.Slice(i * Set.Count, Set.Count));
        }
    }

    /// <summary>The features of a set that one shelf answers.</summary>
    /// <param name="Shelf">The shelf.</param>
    /// <param name="Plan">The features.</param>
    internal sealed record Group(SeriesShelf Shelf, ReadPlan Plan);
}
