using System.Numerics;

namespace Tandem.Features.Evaluation;

/// <summary>The series of one plan, one an entity. One thread adds while any number read.</summary>
/// <remarks>A series that nobody touched since it was read from a snapshot stays packed; one that <see
/// cref="SeriesMemory"/> has no room for is packed on a disk.</remarks>
internal sealed partial class SeriesShelf
{
    private const int GateCount = 256;
    private const int ChunkLength = 4096;
    private readonly Lock[] _gates = new Lock[GateCount];
    private readonly EntityIndex _codes;
    private readonly SeriesMemory _memory;

    // By gate, under the gate.
    private readonly long[] _hits = new long[GateCount];
    private readonly long[] _misses = new long[GateCount];
    private readonly long[] _kept = new long[GateCount];

    /// <summary>By entity: an <see cref="EventSeries"/>, the bytes of one, where they lie on the disk, or null. Chunks
    /// never move.</summary>
    private object?[][] _chunks = [];

    /// <param name="plan">What the series keep.</param>
    /// <param name="ids">Numbers the entities; shared by the shelves of one entity.</param>
    /// <param name="codes">Numbers the texts; shared by all shelves.</param>
    /// <param name="memory">How much there may be of it; shared by all shelves.</param>
    public SeriesShelf(SeriesPlan plan, EntityIndex ids, EntityIndex codes, SeriesMemory memory)
    {
        Plan = plan;
        Ids = ids;
        _codes = codes;
        _memory = memory;
        for (int i = 0; i < GateCount; i++)
        {
            _gates[i] = new Lock();
        }
    }

    public SeriesPlan Plan { get; }

    public EntityIndex Ids { get; }

    /// <summary>Entities from 0 that may have a series.</summary>
    public int EntityCount => Math.Min(Capacity, Plan.EntityColumn < 0 ? 1 : Ids.Count);

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
        bool added;
        lock (_gates[entity % GateCount])
        {
            ref object? slot = ref Slot(entity);
            KeepAsItWas(entity, slot);
            EventSeries series = slot is null ? new EventSeries(Plan, _codes) : Live(entity);
            added = series.Add(row, oldestAsOf);
            Count(series);
            Volatile.Write(ref slot, series);
        }

        _changed?.Add(entity);
        _memory.Evict();
        return added;
    }

    /// <summary>Gives the number of an entity, or -1 where it has no events.</summary>
    public int Entity(string id) => Plan.EntityColumn < 0 ? 0 : Ids.Find(id);

    /// <summary>Computes numbers as of a moment; NaN is null.</summary>
    public void Read<T>(int entity, ReadPlan plan, long asOf, Span<T> values)
        where T : struct, INumberBase<T>
    {
        if (!Has(entity))
        {
            foreach (ReadPlan.Cell cell in plan.Cells)
            {
                values[cell.Index] = T.CreateTruncating(double.NaN);
            }

            return;
        }

        lock (_gates[entity % GateCount])
        {
            EventSeries series = Live(entity);
            int kept = series.KeptCount;
            if (series.ReadKept(plan, asOf, values))
            {
                _kept[entity % GateCount]++;
                return;
            }

            if (series.KeptCount != kept)
            {
                Count(series);
            }
        }

        _memory.Evict();
    }

    public int Texts(int entity, FeaturePlan plan, long asOf, Span<int> codes)
    {
        if (!Has(entity))
        {
            return 0;
        }

        lock (_gates[entity % GateCount])
        {
            return Live(entity).Texts(plan, asOf, codes);
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
            return Live(entity).Value(plan, asOf);
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
                    Count(series);
                }
            }
        }
    }

    /// <summary>Counts the events kept in series that are not packed.</summary>
    public long Count() => Volatile.Read(ref _chunks).Sum(chunk => chunk.Sum(slot => (slot as EventSeries)?.Count ?? 0L));

    /// <summary>Counts how often a series was in memory when it was touched, and how often it was not.</summary>
    public (long Hits, long Misses) Touches() => (_hits.Sum(), _misses.Sum());

    /// <summary>Counts the reads that found their numbers as they were computed before.</summary>
    public long KeptReads() => _kept.Sum();

    /// <summary>Packs a series onto the disk, unless it was touched since this was last asked.</summary>
    /// <exception cref="IOException">The disk refused; the series stays.</exception>
    public bool TryEvict(int entity, ColdFile file, PackWriter writer)
    {
        if (!Has(entity))
        {
            return false;
        }

        lock (_gates[entity % GateCount])
        {
            ref object? slot = ref Slot(entity);
            if (slot is ColdPlace or EventSeries { IsTouched: true })
            {
                (slot as EventSeries)?.IsTouched = false;
                return false;
            }

            long bytes = slot is EventSeries live ? live.CountedBytes : BytesOf((byte[])slot!);
            Volatile.Write(ref slot, file.Write(Bytes(slot!, writer)));
            _memory.Add(-bytes);
            return true;
        }
    }

    private static long BytesOf(byte[] packed) => packed.Length + (3 * sizeof(long));

    private bool Has(int entity) => (uint)entity < (uint)Capacity && Volatile.Read(ref Slot(entity)) is not null;

    /// <summary>The series of an entity that has one and whose gate is held, unpacked where it is packed.</summary>
    private EventSeries Live(int entity)
    {
        ref object? slot = ref Slot(entity);
        if (slot is EventSeries live)
        {
            _hits[entity % GateCount]++;
            live.IsTouched = true;
            return live;
        }

        _misses[entity % GateCount]++;
        var series = EventSeries.Unpack(
            Plan, _codes, slot is ColdPlace place ? _memory.Read(place) : (byte[])slot!);
        if (slot is ColdPlace left)
        {
            _memory.Free(left);
        }
        else
        {
            _memory.Add(-BytesOf((byte[])slot!));
        }

        series.IsTouched = true;
        Count(series);
        Volatile.Write(ref slot, series);
        return series;
    }

    private void Count(EventSeries series)
    {
        long bytes = series.MemoryBytes;
        _memory.Add(bytes - series.CountedBytes);
        series.CountedBytes = bytes;
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
