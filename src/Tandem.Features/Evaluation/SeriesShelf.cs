namespace Tandem.Features.Evaluation;

/// <summary>The series of one plan, one an entity. One thread adds while any number read.</summary>
internal sealed class SeriesShelf
{
    private const int GateCount = 256;
    private readonly Lock[] _gates = new Lock[GateCount];
    private readonly EntityIndex _codes;
    private EventSeries?[] _series = new EventSeries?[16];

    /// <param name="plan">What the series keep.</param>
    /// <param name="ids">Numbers the entities; shared by the shelves of one entity.</param>
    /// <param name="codes">Numbers the texts; shared by all shelves.</param>
    public SeriesShelf(SeriesPlan plan, EntityIndex ids, EntityIndex codes)
    {
        Plan = plan;
        Ids = ids;
        _codes = codes;
        for (int i = 0; i < GateCount; i++)
        {
            _gates[i] = new Lock();
        }
    }

    public SeriesPlan Plan { get; }

    public EntityIndex Ids { get; }

    /// <summary>Adds an event to the series of its entity, where the plan takes it.</summary>
    public bool Add(SourceRow row, long oldestAsOf)
    {
        if (!Plan.Takes(row))
        {
            return false;
        }

        int entity = Plan.EntityColumn < 0 ? 0 : Ids.FindOrAdd(row.Utf8(Plan.EntityColumn));
        if (entity >= _series.Length)
        {
            EventSeries?[] grown = _series;
            Array.Resize(ref grown, Math.Max(entity + 1, _series.Length * 2));
            Volatile.Write(ref _series, grown);
        }

        lock (_gates[entity % GateCount])
        {
            EventSeries series = _series[entity] ?? new EventSeries(Plan, _codes);
            bool added = series.Add(row, oldestAsOf);
            Volatile.Write(ref _series[entity], series);
            return added;
        }
    }

    /// <summary>Gives the number of an entity, or -1 where it has no events.</summary>
    public int Entity(string id) => Plan.EntityColumn < 0 ? 0 : Ids.Find(id);

    public double Number(int entity, FeaturePlan plan, long asOf)
    {
        if (Find(entity) is not EventSeries series)
        {
            return double.NaN;
        }

        lock (_gates[entity % GateCount])
        {
            return series.Number(plan, asOf);
        }
    }

    public int Texts(int entity, FeaturePlan plan, long asOf, Span<int> codes)
    {
        if (Find(entity) is not EventSeries series)
        {
            return 0;
        }

        lock (_gates[entity % GateCount])
        {
            return series.Texts(plan, asOf, codes);
        }
    }

    public FeatureValue Value(int entity, FeaturePlan plan, long asOf)
    {
        if (Find(entity) is not EventSeries series)
        {
            return FeatureValue.Null;
        }

        lock (_gates[entity % GateCount])
        {
            return series.Value(plan, asOf);
        }
    }

    /// <summary>Drops from every series what is no longer needed.</summary>
    public void Prune(long oldestAsOf)
    {
        for (int entity = 0; entity < _series.Length; entity++)
        {
            if (_series[entity] is EventSeries series)
            {
                lock (_gates[entity % GateCount])
                {
                    series.Prune(oldestAsOf);
                    series.Trim();
                }
            }
        }
    }

    /// <summary>Counts the events kept.</summary>
    public long Count()
    {
        long count = 0;
        foreach (EventSeries? series in Volatile.Read(ref _series))
        {
            count += series?.Count ?? 0;
        }

        return count;
    }

    private EventSeries? Find(int entity)
    {
        EventSeries?[] all = Volatile.Read(ref _series);
        return (uint)entity < (uint)all.Length ? Volatile.Read(ref all[entity]) : null;
    }
}
