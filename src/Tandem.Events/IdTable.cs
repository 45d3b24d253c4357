namespace Tandem.Events;

/// <summary>A set of ids, kept as bytes in a few arrays: it holds no objects and makes no garbage once it has grown. Not
/// thread safe.</summary>
internal sealed class IdTable
{
    // Each bucket is a chain of entries, the newest first: what was added last can be taken back.
    private int[] _buckets = NewBuckets(256);
    private Entry[] _entries = new Entry[256];
    private byte[] _bytes = new byte[8192];
    private int _byteCount;

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
    public bool Contains(ReadOnlySpan<byte> id, int hash)
    {
        for (int i = _buckets[hash & (_buckets.Length - 1)]; i >= 0; i = _entries[i].Next)
        {
            ref readonly Entry entry = ref _entries[i];
            if (entry.Hash == hash && id.SequenceEqual(_bytes.AsSpan(entry.Start, entry.Length)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds an id.</summary>
    /// <returns>False where it was in it.</returns>
    public bool TryAdd(ReadOnlySpan<byte> id, int hash)
    {
        if (Contains(id, hash))
        {
            return false;
        }

        Reserve(id.Length);
        id.CopyTo(_bytes.AsSpan(_byteCount));
        ref int bucket = ref _buckets[hash & (_buckets.Length - 1)];
        _entries[Count] = new Entry(hash, bucket, _byteCount, id.Length);
        bucket = Count++;
        _byteCount += id.Length;
        return true;
    }

    /// <summary>Takes back what was added last.</summary>
    /// <param name="count">Ids to keep.</param>
    public void CutTo(int count)
    {
        if (count == 0)
        {
            _buckets.AsSpan().Fill(-1);
            (Count, _byteCount) = (0, 0);
        }

        while (Count > count)
        {
            Entry entry = _entries[--Count];
            _buckets[entry.Hash & (_buckets.Length - 1)] = entry.Next;
            _byteCount = entry.Start;
        }
    }

    private static int[] NewBuckets(int count)
    {
        int[] buckets = new int[count];
        buckets.AsSpan().Fill(-1);
        return buckets;
    }

    private void Reserve(int byteCount)
    {
        if (_byteCount + byteCount > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _byteCount + byteCount));
        }

        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
            _buckets = NewBuckets(_entries.Length);
            for (int i = 0; i < Count; i++)
            {
                ref int bucket = ref _buckets[_entries[i].Hash & (_buckets.Length - 1)];
                _entries[i] = _entries[i] with { Next = bucket };
                bucket = i;
            }
        }
    }

    /// <summary>One id.</summary>
    /// <param name="Hash">Its hash.</param>
    /// <param name="Next">The older entry of its bucket, or -1.</param>
    /// <param name="Start">Its first byte.</param>
    /// <param name="Length">Its bytes.</param>
    private readonly record struct Entry(int Hash, int Next, int Start, int Length);
}
