using System.Runtime.CompilerServices;
using Tandem.Events;
using Tandem.Features.Evaluation;

namespace Tandem.Features;

/// <summary>Feature values online: applies events as they happen, and answers what a feature is now.</summary>
/// <remarks><para>Many threads may read while others apply; applying is one at a time. Events are applied in the order
/// of the log; late ones go to their place in time. An event whose id is already kept at the same event time changes
/// nothing, nor does one that lies before <see cref="AppliedUntil"/>.</para>
/// <para>Kept are, for each entity, the events of the longest window and the newest that <c>last</c> and <c>last_k</c>
/// need; older ones live on in exact totals. Values are exact for moments from
/// <see cref="FeatureStoreOptions.LookBack"/>
/// before the newest known time on.</para></remarks>
public sealed partial class FeatureStore
{
    private readonly Lock _applying = new();
    private readonly long _lookBack;
    private readonly EntityIndex _codes = new();
    private readonly Dictionary<string, EntityIndex> _ids = new(StringComparer.Ordinal);
    private readonly SeriesMemory _memory;
    private readonly SeriesShelf[] _shelves;
    private readonly LiveTables _tables;
    private readonly PairFinder _finder;
    private readonly Dictionary<string, Feed> _feeds;
    private readonly Dictionary<(string View, string Feature), (int Series, FeaturePlan Plan)> _features = [];
    private long _appliedUntil;
    private long _newestKnown = long.MinValue / 2;
    private long _eventCount;
    private long _changes;

    /// <summary>Makes an empty store.</summary>
    /// <param name="views">The views to answer for.</param>
    /// <param name="options">Settings, or null for the defaults.</param>
    public FeatureStore(IReadOnlyList<FeatureView> views, FeatureStoreOptions? options = null)
    {
        options ??= new FeatureStoreOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LookBack, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MemoryBytes, nameof(options));
        if (options.MemoryBytes < long.MaxValue && options.ColdFolder is null)
        {
            throw new ArgumentException("A limit of memory needs a folder for what lies beyond it.", nameof(options));
        }

        Views = views;
        _lookBack = Micros.Of(options.LookBack);
        IReadOnlyList<SeriesPlan> plans = SeriesPlan.PlanAll(views, _features);
        _memory = new SeriesMemory(options.MemoryBytes, options.ColdFolder);
        _shelves = new SeriesShelf[plans.Count];
        for (int i = 0; i < plans.Count; i++)
        {
            if (!_ids.TryGetValue(plans[i].Entity, out EntityIndex? index))
            {
                _ids[plans[i].Entity] = index = new EntityIndex();
            }

            _shelves[i] = new SeriesShelf(plans[i], index, _codes, _memory);
        }

        _finder = new PairFinder(_tables = NewTables());
        foreach (SourceShape shape in plans.Select(static plan => plan.Shape).Distinct())
        {
            shape.Tables = _tables;
        }

        _memory.Watch(_shelves);
        Kinds = [.. plans.Select(static plan => new SeriesKind(plan.Hash, plan.Entity))];
        _feeds = _shelves.GroupBy(shelf => shelf.Plan.Shape).ToDictionary(
            feed => feed.Key.Name,
            feed => new Feed(feed.Key, new SourceRow(feed.Key.Columns.Count), [.. feed], new(long.MinValue)),
            StringComparer.Ordinal);
    }

    /// <summary>The views it answers for.</summary>
    public IReadOnlyList<FeatureView> Views { get; }

    /// <summary>Everything in the log before this place has been applied.</summary>
    public JournalPosition AppliedUntil => new(Volatile.Read(ref _appliedUntil));

    /// <summary>Events applied that some view reads.</summary>
    public long EventCount => Volatile.Read(ref _eventCount);

    /// <summary>Events kept, over all series; for watching memory. O(entities).</summary>
    public long KeptCount => _shelves.Sum(s => s.Count());

    /// <summary>What the series take, and how often they were met in memory. O(1).</summary>
    public FeatureMemory Memory
    {
        get
        {
            (long Hits, long Misses)[] touches = [.. _shelves.Select(shelf => shelf.Touches())];
            return new FeatureMemory(
                _memory.Used, _memory.Limit, _memory.DiskBytes, touches.Sum(each => each.Hits),
                touches.Sum(each => each.Misses), _memory.Evictions, _memory.Refusals,
                _shelves.Sum(static shelf => shelf.KeptReads()));
        }
    }

    /// <summary>Newest event time that the features of a view have seen, over all entities; null where they saw none, or
    /// where their source has no times.</summary>
    /// <param name="view">The view.</param>
    public DateTimeOffset? NewestEvent(FeatureView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        long newest = _feeds.TryGetValue(view.Source, out Feed? feed)
            ? Volatile.Read(ref feed.Newest.Value)
            : long.MinValue;
        return newest == long.MinValue || !view.SourceSpec.HasTimes ? null : Micros.Moment(newest);
    }

    /// <summary>Gives back the file of what had no room in memory; the store is then of no use.</summary>
    public void Dispose() => _memory.Dispose();

    /// <summary>Applies one event.</summary>
    /// <param name="record">The event, with its known time.</param>
    /// <param name="position">Its place in the log.</param>
    /// <returns>True where a value may have changed; false where no view reads it or it was applied before.</returns>
    /// <exception cref="Tandem.Faults.TandemException">FEA008: its data is no JSON object.</exception>
    public bool Apply(EventRecord record, JournalPosition position)
    {
        lock (_applying)
        {
            if (position.Offset < _appliedUntil)
            {
                return false;
            }

            Interlocked.Increment(ref _changes);
            bool changed = Apply(record, _feeds);
            Volatile.Write(ref _appliedUntil, position.Offset + 1);
            Interlocked.Increment(ref _changes);
            return changed;
        }
    }

    /// <summary>Applies a batch of the log; afterwards <see cref="AppliedUntil"/> is its end, where to read
    /// on.</summary>
    /// <param name="batch">The batch.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA008: the data of an event is no JSON object.</exception>
    public void Apply(JournalBatch batch)
    {
        lock (_applying)
        {
            if (batch.End.Offset <= _appliedUntil)
            {
                return;
            }

            Interlocked.Increment(ref _changes);
            foreach (EventRecord record in batch.Events)
            {
                Apply(record, _feeds);
            }

            Volatile.Write(ref _appliedUntil, batch.End.Offset);
            Interlocked.Increment(ref _changes);
        }
    }

    /// <summary>Drops what is no longer needed from every entity, also those that no event touches any more.</summary>
    /// <remarks>O(entities); call it now and then. Entities with new events drop theirs by themselves.</remarks>
    public void Prune()
    {
        lock (_applying)
        {
            foreach (SeriesShelf shelf in _shelves)
            {
                shelf.Prune(_newestKnown - _lookBack);
            }
        }
    }

    /// <summary>Prepares reading a set of features, once.</summary>
    /// <param name="set">The set; its views are this store's.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA009: a feature of the set is not in this store.</exception>
    public FeatureReader Reader(FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return _readers.TryGetValue(set, out FeatureReader? reader) ? reader : _readers.GetOrAdd(set, NewReader);
    }

    private FeatureReader NewReader(FeatureSet set)
    {
        var entities = new Dictionary<string, FeatureReader.Group[]>(StringComparer.Ordinal);
        foreach (string entity in set.Entities)
        {
            FeatureReader.Group[] groups = [.. GroupsOf(set, entity)];
            if (groups.Length > 0)
            {
                entities[entity] = groups;
            }
        }

        FeatureReader.Group[] pairs = [.. set.Views.Where(static view => view.Pair is not null)
            .Select(static view => view.Entity).Distinct(StringComparer.Ordinal).SelectMany(pair => GroupsOf(set, pair))];
        return new FeatureReader(
            set, entities, pairs, _finder,
            set.Compute is null ? null : new ComputeReader(set.Compute, _finder, _codes, Find));
    }

    private IEnumerable<FeatureReader.Group> GroupsOf(FeatureSet set, string entity) =>
        Enumerable.Range(0, set.Count).Where(i => set.EntityOf(i) == entity)
            .Select(i => (Index: i, Found: Find(set.Features[i].View.Name, set.Features[i].Feature.Name)))
            .GroupBy(each => each.Found.Shelf, each => (each.Index, each.Found.Plan))
            .Select(group => new FeatureReader.Group(group.Key, new ReadPlan(group)));

    /// <summary>The newest texts of the tables that pairs are made of.</summary>
    private LiveTables NewTables()
    {
        Dictionary<(string Table, string Column), (SeriesShelf Shelf, FeaturePlan Plan)> columns = [];
        foreach (((string View, string Feature) name, (int Series, FeaturePlan Plan) found) in _features)
        {
            if (_shelves[found.Series].Plan.IsByLog)
            {
                columns[(_shelves[found.Series].Plan.Shape.Name, name.Feature)] = (_shelves[found.Series], found.Plan);
            }
        }

        return new LiveTables(columns, _codes);
    }

    /// <summary>Reads one value.</summary>
    /// <param name="view">Name of the view.</param>
    /// <param name="feature">Name of the feature.</param>
    /// <param name="id">Id of the entity; any text for the global entity.</param>
    /// <param name="asOf">The moment: only what had happened and was known then counts.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA009: there is no such feature.</exception>
    public FeatureValue Read(string view, string feature, string id, DateTimeOffset asOf)
    {
        (SeriesShelf shelf, FeaturePlan plan) = Find(view, feature);
        return shelf.Value(shelf.Entity(id), plan, Micros.Of(asOf));
    }

    /// <summary>Most texts that a feature of ids or text gives: the room that <see cref="ReadIds"/> needs.</summary>
    /// <param name="view">Name of the view.</param>
    /// <param name="feature">Name of the feature.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA009: there is no such feature.</exception>
    public int MostIds(string view, string feature) => Find(view, feature).Plan.K;

    /// <summary>Reads a list of ids, or a text, into the caller's memory.</summary>
    /// <param name="view">Name of the view.</param>
    /// <param name="feature">Name of a feature of ids or text.</param>
    /// <param name="id">Id of the entity; any text for the global entity.</param>
    /// <param name="asOf">The moment: only what had happened and was known then counts.</param>
    /// <param name="ids">Receives the ids, oldest first, room for the feature's k.</param>
    /// <returns>How many were written.</returns>
    /// <exception cref="Tandem.Faults.TandemException">FEA009: there is no such feature.</exception>
    /// <exception cref="ArgumentException">The feature gives no texts, or there is too little room.</exception>
    public int ReadIds(string view, string feature, string id, DateTimeOffset asOf, Span<string> ids)
    {
        (SeriesShelf shelf, FeaturePlan plan) = Find(view, feature);
        if (!plan.GivesTexts)
        {
            throw new ArgumentException($"Feature '{view}:{feature}' gives no texts.", nameof(feature));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(ids.Length, plan.K, nameof(ids));
        Span<int> codes = stackalloc int[plan.K];
        int count = shelf.Texts(shelf.Entity(id), plan, Micros.Of(asOf), codes);
        for (int i = 0; i < count; i++)
        {
            ids[i] = _codes.Text(codes[i]);
        }

        return count;
    }

    private bool Apply(EventRecord record, Dictionary<string, Feed> feeds)
    {
        if (!feeds.TryGetValue(record.Type, out Feed? feed))
        {
            return false;
        }

        feed.Shape.Read(record, feed.Row);
        return Apply(feed);
    }

    /// <summary>Adds the feed's row to every series that takes it.</summary>
    private bool Apply(Feed feed)
    {
        _newestKnown = Math.Max(_newestKnown, feed.Row.KnownTime);
        bool changed = false;
        foreach (SeriesShelf shelf in feed.Shelves)
        {
            changed |= shelf.Add(feed.Row, _newestKnown - _lookBack);
        }

        if (changed)
        {
            Volatile.Write(ref feed.Newest.Value, Math.Max(feed.Newest.Value, feed.Row.EventTime));
            Volatile.Write(ref _eventCount, _eventCount + 1);
        }

        return changed;
    }

    private (SeriesShelf Shelf, FeaturePlan Plan) Find(string view, string feature) =>
        _features.TryGetValue((view, feature), out (int Series, FeaturePlan Plan) found)
            ? (_shelves[found.Series], found.Plan)
            : throw FeaturesErrors.UnknownFeature($"{view}:{feature}");

    /// <summary>A source that views read.</summary>
    /// <param name="Shape">How it is read.</param>
    /// <param name="Row">What it is read into.</param>
    /// <param name="Shelves">The series that take it.</param>
    /// <param name="Newest">Newest event time that a series took, microseconds since 1970; volatile, for
    /// readers.</param>
    private sealed record Feed(SourceShape Shape, SourceRow Row, SeriesShelf[] Shelves, StrongBox<long> Newest);
}
