namespace Tandem.Features.Evaluation;

/// <summary>The series of one plan, one an entity. One thread adds while any number read.</summary>
/// <remarks>A series that nobody touched since it was read from a snapshot stays packed.</remarks>
internal sealed partial class SeriesShelf
{
    private const int GateCount = 256;
    private const int ChunkLength = 4096;
    private readonly Lock[] _gates = new Lock[GateCount];
    private readonly EntityIndex _codes;

    /// <summary>By entity: an <see cref="EventSeries"/>, the bytes of one, or null. Chunks never move.</summary>
    private object?[][] _chunks = [];

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

    private int Capacity => Volatile.Read(ref _chunks).Length * ChunkLength;

    /// <summary>Adds an event to the series of its entity, where the plan takes it.</summary>
    public bool Add(SourceRow row, long oldestAsOf)
    {
        if (!Plan.Takes(row))
        {
            return false;
        }

        int entity = Plan.EntityColumn < 0 ? 0 : Ids.FindOrAdd(row.Utf8(Plan.EntityColumn));
        Reserve(entity + 1);
        lock (_gates[entity % GateCount])
        {
            ref object? slot = ref Slot(entity);
            KeepAsItWas(entity, slot);
            EventSeries series = Live(ref slot) ?? new EventSeries(Plan, _codes);
            bool added = series.Add(row, oldestAsOf);
            Volatile.Write(ref slot, series);
            return added;
        }
    }

    /// <summary>Gives the number of an entity, or -1 where it has no events.</summary>
    public int Entity(string id) => Plan.EntityColumn < 0 ? 0 : Ids.Find(id);

    public double Number(int entity, FeaturePlan plan, long asOf)
    {
        if (!Has(entity))
        {
            return double.NaN;
        }

        lock (_gates[entity % GateCount])
        {
            return Live(ref Slot(entity))!.Number(plan, asOf);
        }
    }

    public int Texts(int entity, FeaturePlan plan, long asOf, Span<int> codes)
    {
        if (!Has(entity))
        {
            return 0;
        }

        lock (_gates[entity % GateCount])
        {
            return Live(ref Slot(entity))!.Texts(plan, asOf, codes);
        }
    }

    public FeatureValue Value(int entity, FeaturePlan plan, long asOf)
    {
        if (!Has(entity))
        {
            return FeatureValue.Null;
        }

        lock (_gates[entity % GateCount])
        {
            return Live(ref Slot(entity))!.Value(plan, asOf);
        }
    }

    /// <summary>Drops from every series what is no longer needed.</summary>
    public void Prune(long oldestAsOf)
    {
        for (int entity = 0; entity < Capacity; entity++)
        {
            if (Slot(entity) is EventSeries series)
            {
                lock (_gates[entity % GateCount])
                {
                    series.Prune(oldestAsOf);
                    series.Trim();
                }
            }
        }
    }

    /// <summary>Counts the events kept in series that are not packed.</summary>
    public long Count() => Volatile.Read(ref _chunks).Sum(chunk => chunk.Sum(slot => (slot as EventSeries)?.Count ?? 0L));

    private bool Has(int entity) => (uint)entity < (uint)Capacity && Volatile.Read(ref Slot(entity)) is not null;

    /// <summary>The series of a slot, whose gate is held, unpacking it where it is packed.</summary>
    private EventSeries? Live(ref object? slot)
    {
        if (slot is byte[] packed)
        {
            Volatile.Write(ref slot, EventSeries.Unpack(Plan, _codes, packed));
        }

        return (EventSeries?)slot;
    }

    private ref object? Slot(int entity) => ref Volatile.Read(ref _chunks)[entity / ChunkLength][entity % ChunkLength];

    private void Reserve(int count)
    {
        if (count > Capacity)
        {
            object?[][] grown = new object?[((count - 1) / ChunkLength) + 1][];
            _chunks.CopyTo(grown, 0);
            for (int i = _chunks.Length; i < grown.Length; i++)
            {
                grown[i] = new object?[ChunkLength];
            }

            Volatile.Write(ref _chunks, grown);
        }
    }
}
