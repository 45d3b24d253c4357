namespace Tandem.Features.Evaluation;

internal sealed partial class SeriesShelf
{
    private readonly PackWriter _one = new();

    /// <summary>While the shelf is packed: series as they were, of entities that events met before their turn; nothing
    /// where there was none.</summary>
    private Dictionary<int, byte[]>? _asItWas;
    private int _packed;
    private int _packEnd;

    /// <summary>Begins to pack the shelf as it is now; events may be added meanwhile. The thread that adds is at
    /// rest.</summary>
    public void BeginPack()
    {
        _packed = 0;
        _packEnd = Capacity;
        _asItWas = [];
    }

    /// <summary>Writes the next few series, each the distance of its entity from the one before and its bytes. The
    /// thread that adds is at rest.</summary>
    /// <param name="count">Entities to look at.</param>
    /// <param name="writer">Receives them.</param>
    /// <returns>How many series were written, or -1 where the shelf is done.</returns>
    public int Pack(int count, PackWriter writer)
    {
        if (_packed == _packEnd)
        {
            _asItWas = null;
            return -1;
        }

        int end = Math.Min(_packed + count, _packEnd);
        int written = 0;
        for (int before = -1; _packed < end; _packed++)
        {
            ReadOnlySpan<byte> bytes = _asItWas!.TryGetValue(_packed, out byte[]? kept) ? kept : Packed(_packed);
            if (!bytes.IsEmpty)
            {
                writer.Whole((ulong)(_packed - before));
                writer.Text(bytes);
                before = _packed;
                written++;
            }
        }

        return written;
    }

    /// <summary>Stops packing before the end.</summary>
    public void EndPack() => _asItWas = null;

    /// <summary>Takes series that <see cref="Pack"/> wrote into an empty shelf. Nobody reads or adds yet.</summary>
    public void Unpack(ReadOnlySpan<byte> block)
    {
        var reader = new PackReader(block);
        for (int entity = -1; !reader.Rest.IsEmpty;)
        {
            entity += reader.Count();
            Reserve(entity + 1);
            byte[] bytes = reader.Text().ToArray();
            Slot(entity) = bytes;
            _memory.Add(BytesOf(bytes));
        }

        _memory.Evict();
    }

    private void KeepAsItWas(int entity, object? slot)
    {
        if (_asItWas is not null && entity >= _packed && entity < _packEnd && !_asItWas.ContainsKey(entity))
        {
            _asItWas.Add(entity, slot is null ? [] : Bytes(slot).ToArray());
        }
    }

    private ReadOnlySpan<byte> Packed(int entity)
    {
        lock (_gates[entity % GateCount])
        {
            return Slot(entity) is { } slot ? Bytes(slot) : [];
        }
    }

    private ReadOnlySpan<byte> Bytes(object slot) => slot is ColdPlace place ? _memory.Read(place) : Bytes(slot, _one);

    // Valid until the writer is used again.
    private static ReadOnlySpan<byte> Bytes(object slot, PackWriter writer)
    {
        if (slot is byte[] packed)
        {
            return packed;
        }

        writer.Clear();
        ((EventSeries)slot).Pack(writer);
        return writer.Written;
    }
}
