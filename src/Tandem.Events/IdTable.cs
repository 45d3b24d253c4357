namespace Tandem.Events;

/// <summary>A set of ids, kept as bytes in a few arrays: it holds no objects, makes no garbage once it has grown, and
/// mostly looks at one place of its memory. Not thread safe.</summary>
/// <remarks>Open addressing with linear probing, at most half full. What was added last can be taken back, since nothing
/// added before it was put aside because of it.</remarks>
internal sealed class IdTable
{
    private Slot[] _slots = new Slot[512];
    private int[] _hashes = new int[256];
    private int[] _ends = new int[256];
    private byte[] _bytes = new byte[8192];

    /// <summary>Ids in it.</summary>
    public int Count { get; private set; }

    /// <summary>A hash that nobody outside this process can foresee.</summary>
    public static int Hash(ReadOnlySpan<byte> id)
    {
        HashCode hash = default;
        hash.AddBytes(id);
        return hash.ToHashCode();
    }

    /// <summary>True where the id is in it.</summary>
    public bool Contains(ReadOnlySpan<byte> id, int hash) => _slots[Find(id, hash)].Number > 0;

    /// <summary>Adds an id.</summary>
    /// <returns>False where it was in it.</returns>
    public bool TryAdd(ReadOnlySpan<byte> id, int hash)
    {
        int slot = Find(id, hash);
        if (_slots[slot].Number > 0)
        {
            return false;
        }

        if (Reserve(id.Length))
        {
            slot = Find(id, hash);
        }

        int start = StartOf(Count);
        id.CopyTo(_bytes.AsSpan(start));
        _hashes[Count] = hash;
        _ends[Count] = start + id.Length;
        _slots[slot] = new Slot(hash, ++Count);
        return true;
    }

    /// <summary>Takes back what was added last.</summary>
    /// <param name="count">Ids to keep.</param>
    public void CutTo(int count)
    {
        if (count == 0)
        {
            Array.Clear(_slots);
            Count = 0;
        }

        while (Count > count)
        {
            _slots[FindNumber(Count)] = default;
            Count--;
        }
    }

    private int Find(ReadOnlySpan<byte> id, int hash)
    {
        int at = hash & (_slots.Length - 1);
        while (_slots[at] is { Number: > 0 } slot && !(slot.Hash == hash && id.SequenceEqual(IdAt(slot.Number - 1))))
        {
            at = (at + 1) & (_slots.Length - 1);
        }

        return at;
    }

    private int FindNumber(int number)
    {
        int at = _hashes[number - 1] & (_slots.Length - 1);
        while (_slots[at].Number != number)
        {
            at = (at + 1) & (_slots.Length - 1);
        }

        return at;
    }

    private int StartOf(int index) => index == 0 ? 0 : _ends[index - 1];

    private ReadOnlySpan<byte> IdAt(int index) => _bytes.AsSpan(StartOf(index).._ends[index]);

    // True where the slots have moved.
    private bool Reserve(int byteCount)
    {
        int byteEnd = StartOf(Count) + byteCount;
        if (byteEnd > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, byteEnd));
        }

        if (Count < _ends.Length)
        {
            return false;
        }

        Array.Resize(ref _ends, Count * 2);
        Array.Resize(ref _hashes, Count * 2);
        _slots = new Slot[_slots.Length * 2];
        for (int i = 0; i < Count; i++)
        {
            int at = _hashes[i] & (_slots.Length - 1);
            while (_slots[at].Number > 0)
            {
                at = (at + 1) & (_slots.Length - 1);
            }

            _slots[at] = new Slot(_hashes[i], i + 1);
        }

        return true;
    }

    /// <summary>A place of the table.</summary>
    /// <param name="Hash">Hash of its id.</param>
    /// <param name="Number">Which id, from 1 in the order they were added; 0 where the place is free.</param>
    private readonly record struct Slot(int Hash, int Number);
}
