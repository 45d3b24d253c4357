using Tandem.Events;

namespace Tandem.Features;

/// <summary>A few entities of a server's online store in this process: their packed series come in, and are answered
/// from or applied to by a <see cref="FeatureStore"/>. Not thread safe; to be used again and again.</summary>
public sealed class SeriesPage
{
    private readonly HashSet<EntityKey> _held = [];

    /// <summary>Makes an empty page.</summary>
    /// <param name="views">The views to answer for.</param>
    /// <param name="lookBack">How far before the newest known time questions are answered exactly.</param>
    /// <param name="isForApplying">True where batches are applied to it, so that it remembers what changes.</param>
    public SeriesPage(IReadOnlyList<FeatureView> views, TimeSpan lookBack, bool isForApplying = false)
    {
        Store = new FeatureStore(views, new FeatureStoreOptions { LookBack = lookBack });
        if (isForApplying)
        {
            Store.WatchChanges();
        }
    }

    /// <summary>Answers for the entities of the page.</summary>
    public FeatureStore Store { get; }

    /// <summary>Memory that series, ids and texts take, about.</summary>
    public long Bytes => Store.Memory.Bytes + Store.TextBytes;

    /// <summary>Becomes an empty page at a place of the log.</summary>
    /// <param name="at">Where the server stands.</param>
    public void Begin(FeatureSnapshot at)
    {
        ArgumentNullException.ThrowIfNull(at);
        _held.Clear();
        Store.Begin(at);
    }

    /// <summary>Takes a series that the server holds.</summary>
    /// <param name="series">The series.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA014: its bytes are damaged.</exception>
    public void Put(PackedSeries series) => Store.Put(series.Kind, series.Id.Span, series.Bytes.Span);

    /// <summary>Says that the page has all there is of some entities.</summary>
    /// <param name="entities">The entities.</param>
    public void Hold(IEnumerable<EntityKey> entities) => _held.UnionWith(entities);

    /// <summary>Finds the entities that a batch may change and that the page does not hold yet.</summary>
    /// <param name="batch">The batch.</param>
    public IReadOnlyCollection<EntityKey> Missing(JournalBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        HashSet<EntityKey> entities = [];
        Store.FindEntities(batch, entities);
        entities.ExceptWith(_held);
        return entities;
    }

    /// <summary>Finds the pairs that a batch may change and that the page does not hold yet, once it holds the
    /// entities.</summary>
    /// <param name="batch">The batch.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA008: the data of an event is no JSON object.</exception>
    public IReadOnlyCollection<EntityKey> MissingPairs(JournalBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        HashSet<EntityKey> pairs = [];
        Store.FindPairs(batch, pairs);
        pairs.ExceptWith(_held);
        return pairs;
    }

    /// <summary>Applies a batch whose entities and pairs are all held, and gives every series that it changed.</summary>
    /// <param name="batch">The batch.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA008: the data of an event is no JSON object; the page is then
    /// of no use until it begins anew.</exception>
    public IReadOnlyList<PackedSeries> Apply(JournalBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Store.Apply(batch);
        return Store.TakeChanges();
    }
}
