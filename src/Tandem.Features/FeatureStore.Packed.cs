using System.Collections.Concurrent;
using System.Text;
using Tandem.Events;
using Tandem.Features.Evaluation;

namespace Tandem.Features;

/// <content>How a store meets its server half: packed series go out and come in.</content>
public sealed partial class FeatureStore : IOnlineStore
{
    private readonly ConcurrentDictionary<FeatureSet, FeatureReader> _readers = new();

    /// <summary>The kinds of series that the views need.</summary>
    public IReadOnlyList<SeriesKind> Kinds { get; }

    /// <summary>True where values belong to pairs, in a view of this store or in one that its computed features read.</summary>
    public bool HasPairs => Array.Exists(_shelves, static shelf => shelf.Plan.Pair is not null);

    /// <summary>Packs every series, kind by kind. Nothing is applied meanwhile.</summary>
    public IEnumerable<PackedSeries> Export()
    {
        for (int kind = 0; kind < _shelves.Length; kind++)
        {
            SeriesShelf shelf = _shelves[kind];
            for (int entity = 0; entity < shelf.EntityCount; entity++)
            {
                byte[] packed = shelf.Export(entity);
                if (packed.Length > 0)
                {
                    yield return new PackedSeries(kind, shelf.Id(entity), packed);
                }
            }
        }
    }

    /// <summary>Says where the store stands; a server keeps it beside the series.</summary>
    public FeatureSnapshot Describe()
    {
        lock (_applying)
        {
            return Description();
        }
    }

    /// <inheritdoc/>
    ValueTask IOnlineStore.ApplyAsync(JournalBatch batch, CancellationToken cancellationToken)
    {
        Apply(batch);
        return default;
    }

    /// <inheritdoc/>
    ValueTask<FeatureLease> IOnlineStore.FetchAsync(
        ReadOnlyMemory<EntityKey> entities, Func<FeatureStore, IEnumerable<EntityKey>>? pairs,
        CancellationToken cancellationToken) => new(new FeatureLease(this));

    /// <summary>Remembers from now on which series change.</summary>
    internal void WatchChanges() => Array.ForEach(_shelves, static shelf => shelf.WatchChanges());

    /// <summary>Packs the series that changed since this was last asked.</summary>
    internal List<PackedSeries> TakeChanges()
    {
        List<PackedSeries> changed = [];
        for (int kind = 0; kind < _shelves.Length; kind++)
        {
            SeriesShelf shelf = _shelves[kind];
            foreach (int entity in shelf.Changed)
            {
                changed.Add(new PackedSeries(kind, shelf.Id(entity), shelf.Export(entity)));
            }

            shelf.Changed.Clear();
        }

        return changed;
    }

    /// <summary>Becomes an empty store at another place of the log. Nobody else uses it meanwhile.</summary>
    internal void Begin(FeatureSnapshot at)
    {
        foreach (SeriesShelf shelf in _shelves)
        {
            shelf.Clear();
        }

        foreach (EntityIndex ids in _ids.Values)
        {
            ids.Clear();
        }

        _codes.Clear();
        _memory.Clear();
        foreach ((string source, long newest) in at.NewestEvents)
        {
            if (_feeds.TryGetValue(source, out Feed? feed))
            {
                feed.Newest.Value = newest;
            }
        }

        _newestKnown = at.NewestKnown;
        _eventCount = at.Events;
        Volatile.Write(ref _appliedUntil, at.AppliedUntil);
    }

    /// <summary>Takes a packed series. Nobody else uses the store meanwhile.</summary>
    /// <exception cref="Tandem.Faults.TandemException">FEA014: the bytes are no whole series.</exception>
    internal void Put(int kind, ReadOnlySpan<byte> id, ReadOnlySpan<byte> series) => _shelves[kind].Put(id, series);

    /// <summary>Adds the entities whose series a batch may change, and those whose rows in tables say which pairs it may
    /// change.</summary>
    internal void FindEntities(JournalBatch batch, HashSet<EntityKey> entities)
    {
        foreach (EventRecord record in batch.Events)
        {
            if (!_feeds.TryGetValue(record.Type, out Feed? feed))
            {
                continue;
            }

            foreach (SeriesShelf shelf in feed.Shelves)
            {
                if (shelf.Plan.EntityColumn < 0)
                {
                    entities.Add(new EntityKey(FeatureView.GlobalEntity, ""));
                    continue;
                }

                entities.UnionWith(record.Entities.Where(key => key.Entity == shelf.Plan.Entity));
            }

            // What is looked up of an entity lies beside its series.
            foreach (TableColumn attribute in feed.Shape.Attributes)
            {
                entities.UnionWith(record.Entities.Where(key => key.Entity == attribute.Entity));
            }
        }
    }

    /// <summary>Adds the pairs whose series a batch may change; the entities of the batch are all here. Where the batch has
    /// rows of a table, each of what they say and what was known before may count.</summary>
    /// <exception cref="Tandem.Faults.TandemException">FEA008: the data of an event is no JSON object.</exception>
    internal void FindPairs(JournalBatch batch, HashSet<EntityKey> pairs)
    {
        if (!HasPairs)
        {
            return;
        }

        Dictionary<(string Table, string Column, string Id), HashSet<string>> said = TextsOfTables(batch);
        foreach (EventRecord record in batch.Events)
        {
            if (!_feeds.TryGetValue(record.Type, out Feed? feed)
                || !Array.Exists(feed.Shelves, static shelf => shelf.Plan.Pair is not null))
            {
                continue;
            }

            feed.Shape.Read(record, feed.Row);
            foreach (SeriesPlan plan in feed.Shelves.Select(static shelf => shelf.Plan))
            {
                if (plan.Pair is not { } pair)
                {
                    continue;
                }

                if (!feed.Row.IsNull(plan.EntityColumn))
                {
                    pairs.Add(new EntityKey(plan.Entity, Encoding.UTF8.GetString(feed.Row.Utf8(plan.EntityColumn))));
                }

                if (pair.Attribute is { } attribute && IdOf(record, pair.First) is { } first
                    && IdOf(record, attribute.Entity) is { } id
                    && said.TryGetValue((attribute.Table, attribute.Column, id), out HashSet<string>? texts))
                {
                    pairs.UnionWith(texts.Select(text => new EntityKey(plan.Entity, PairText.Join(first, text))));
                }
            }
        }
    }

    /// <summary>What the rows of tables in a batch say in columns that pairs are looked up in.</summary>
    private Dictionary<(string Table, string Column, string Id), HashSet<string>> TextsOfTables(JournalBatch batch)
    {
        Dictionary<(string Table, string Column, string Id), HashSet<string>> said = [];
        foreach (EventRecord record in batch.Events)
        {
            if (!_feeds.TryGetValue(record.Type, out Feed? feed)
                || Array.Find(feed.Shelves, static shelf => shelf.Plan.IsByLog) is not { Plan: { } plan }
                || IdOf(record, plan.Entity) is not { } id)
            {
                continue;
            }

            feed.Shape.Read(record, feed.Row);
            foreach (int column in plan.Codes)
            {
                if (!feed.Row.IsNull(column))
                {
                    (string, string, string) key = (feed.Shape.Name, feed.Shape.Columns[column].Name, id);
                    if (!said.TryGetValue(key, out HashSet<string>? texts))
                    {
                        said[key] = texts = new HashSet<string>(StringComparer.Ordinal);
                    }

                    texts.Add(Encoding.UTF8.GetString(feed.Row.Utf8(column)));
                }
            }
        }

        return said;
    }

    private static string? IdOf(EventRecord record, string entity)
    {
        foreach (EntityKey key in record.Entities)
        {
            if (key.Entity == entity)
            {
                return key.Id;
            }
        }

        return null;
    }

    /// <summary>Bytes that ids and texts take beside the series, about.</summary>
    internal long TextBytes => (_codes.Count + _ids.Values.Sum(static ids => (long)ids.Count)) * BytesOfAnId;

    private const int BytesOfAnId = 100;

    private FeatureSnapshot Description() => new()
    {
        AppliedUntil = _appliedUntil,
        NewestKnown = _newestKnown,
        NewestEvents = _feeds.ToDictionary(
            feed => feed.Key, feed => feed.Value.Newest.Value, StringComparer.Ordinal),
        LookBack = _lookBack,
        Events = _eventCount,
        Series = 0,
        Views = Views.ToDictionary(view => view.Name, view => view.Version, StringComparer.Ordinal),
        Entities = [.. _ids.Keys],
        Plans = [.. Kinds.Select(static kind => kind.Hash)],
    };
}
