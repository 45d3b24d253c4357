using System.Buffers.Binary;
using System.Text;
using Tandem.Features.Evaluation;

namespace Tandem.Features;

/// <summary>Numbers the ids of one entity: id text ↔ whole number from 0, in order of first appearance.</summary>
/// <remarks>Reading is safe from many threads while one thread adds; a reader that races with an addition may still
/// miss it. Looking up a known id allocates nothing. Saved as described in
/// <c>docs/formats/entity-index.md</c>.</remarks>
public sealed class EntityIndex
{
    private const int HeaderBytes = 20;
    private readonly Lock _adding = new();
    private Table _table = new(16, 256);

    /// <summary>Number of ids.</summary>
    public int Count => Volatile.Read(ref _table).Count;

    private static ReadOnlySpan<byte> Magic => "TDMEIDX\0"u8;

    /// <summary>Finds the number of an id.</summary>
    /// <param name="id">The id in UTF-8.</param>
    /// <returns>Its number, or -1 where it has none.</returns>
    public int Find(ReadOnlySpan<byte> id) => Volatile.Read(ref _table).Find(id, TextHash.Of(id));

    /// <inheritdoc cref="Find(ReadOnlySpan{byte})"/>
    /// <param name="id">The id.</param>
    public int Find(ReadOnlySpan<char> id)
    {
        Span<byte> buffer = id.Length <= TextHash.StackCharacters
            ? stackalloc byte[TextHash.StackCharacters * 3]
            : new byte[Encoding.UTF8.GetMaxByteCount(id.Length)];
        return Find(buffer[..Encoding.UTF8.GetBytes(id, buffer)]);
    }

    /// <summary>Finds the number of an id, giving it the next one where it has none.</summary>
    /// <param name="id">The id in UTF-8.</param>
    /// <returns>Its number.</returns>
    public int FindOrAdd(ReadOnlySpan<byte> id)
    {
        ulong hash = TextHash.Of(id);
        int found = Volatile.Read(ref _table).Find(id, hash);
        return found >= 0 ? found : Add(id, hash);
    }

    /// <inheritdoc cref="FindOrAdd(ReadOnlySpan{byte})"/>
    /// <param name="id">The id.</param>
    public int FindOrAdd(ReadOnlySpan<char> id)
    {
        Span<byte> buffer = id.Length <= TextHash.StackCharacters
            ? stackalloc byte[TextHash.StackCharacters * 3]
            : new byte[Encoding.UTF8.GetMaxByteCount(id.Length)];
        return FindOrAdd(buffer[..Encoding.UTF8.GetBytes(id, buffer)]);
    }

    /// <summary>Gives the text of an id. The string is made once and kept.</summary>
    /// <param name="index">Its number, 0 to <see cref="Count"/>, exclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such number.</exception>
    public string Text(int index)
    {
        Table table = Known(index);
        return table.Texts[index] ??= Encoding.UTF8.GetString(table.Utf8(index));
    }

    /// <summary>Gives the texts of all ids, by number.</summary>
    public string[] Texts() => [.. Enumerable.Range(0, Count).Select(Text)];

    /// <summary>Gives the UTF-8 bytes of an id.</summary>
    /// <param name="index">Its number, 0 to <see cref="Count"/>, exclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such number.</exception>
    public ReadOnlySpan<byte> Utf8(int index) => Known(index).Utf8(index);

    /// <summary>Copies the index: additions to one are not seen by the other.</summary>
    public EntityIndex Copy()
    {
        lock (_adding)
        {
            return new EntityIndex { _table = _table.Copy() };
        }
    }

    /// <summary>Writes the index: the same ids in the same order give the same bytes.</summary>
    /// <returns>All its bytes.</returns>
    public byte[] Save()
    {
        Table table = Volatile.Read(ref _table);
        int count = table.Count;
        int textBytes = table.Ends[count];
        byte[] bytes = new byte[HeaderBytes + (count * sizeof(int)) + textBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), textBytes);
        Span<byte> lengths = bytes.AsSpan(HeaderBytes);
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(lengths[(i * sizeof(int))..], table.Ends[i + 1] - table.Ends[i]);
        }

        table.Bytes.AsSpan(0, textBytes).CopyTo(lengths[(count * sizeof(int))..]);
        return bytes;
    }

    /// <summary>Reads an index that <see cref="Save"/> wrote.</summary>
    /// <param name="bytes">All its bytes.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA007: the bytes are not a whole index of a known
    /// version.</exception>
    public static EntityIndex Load(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) != 1)
        {
            throw FeaturesErrors.DamagedIndex("it does not begin with the magic of version 1");
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        int textBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]);
        if (count < 0 || textBytes < 0 || bytes.Length != HeaderBytes + ((long)count * sizeof(int)) + textBytes)
        {
            throw FeaturesErrors.DamagedIndex($"it has {bytes.Length} bytes, which {count} ids do not fill");
        }

        ReadOnlySpan<byte> lengths = bytes[HeaderBytes..];
        ReadOnlySpan<byte> texts = lengths[(count * sizeof(int))..];
        var index = new EntityIndex { _table = new Table(count, textBytes) };
        for (int i = 0; i < count; i++)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(lengths[(i * sizeof(int))..]);
            if (length < 0 || length > texts.Length || index.FindOrAdd(texts[..length]) != i)
            {
                throw FeaturesErrors.DamagedIndex($"id {i} is not whole, or appears twice");
            }

            texts = texts[length..];
        }

        return index;
    }

    /// <summary>Forgets all ids and keeps the memory. Nobody else uses the index meanwhile.</summary>
    internal void Clear() => _table.Clear();

    /// <summary>Takes the ids of another index into an empty one; the other is then of no use.</summary>
    internal void Adopt(EntityIndex other) => Volatile.Write(ref _table, other._table);

    private Table Known(int index)
    {
        Table table = Volatile.Read(ref _table);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, table.Count);
        return table;
    }

    private int Add(ReadOnlySpan<byte> id, ulong hash)
    {
        lock (_adding)
        {
            int found = _table.Find(id, hash);
            if (found >= 0)
            {
                return found;
            }

            if (!_table.HasRoomFor(id.Length))
            {
                Volatile.Write(ref _table, _table.Grown(id.Length));
            }

            return _table.Add(id, hash);
        }
    }

    /// <summary>One generation of the arrays. Additions write the entry first and its slot last, so that readers see
    /// whole entries; a full generation is copied, never moved.</summary>
    private sealed class Table
    {
        // A slot is an index + 1 in the low half and the top of the hash in the high half; 0 is free.
        private readonly long[] _slots;
        private readonly ulong[] _hashes;
        private int _count;

        public Table(int capacity, int textBytes)
        {
            capacity = Math.Max(capacity, 16);
            _slots = new long[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity * 2)];
            _hashes = new ulong[capacity];
            Ends = new int[capacity + 1];
            Texts = new string?[capacity];
            Bytes = new byte[Math.Max(textBytes, 64)];
        }

        public int Count => Volatile.Read(ref _count);

        public int[] Ends { get; }

        public string?[] Texts { get; }

        public byte[] Bytes { get; }

        public ReadOnlySpan<byte> Utf8(int index) => Bytes.AsSpan(Ends[index], Ends[index + 1] - Ends[index]);

        public bool HasRoomFor(int length) => _count < _hashes.Length && Ends[_count] + (long)length <= Bytes.Length;

        public int Find(ReadOnlySpan<byte> id, ulong hash)
        {
            int mask = _slots.Length - 1;
            for (int slot = (int)hash & mask; ; slot = (slot + 1) & mask)
            {
                long entry = Volatile.Read(ref _slots[slot]);
                if (entry == 0)
                {
                    return -1;
                }

                int index = (int)entry - 1;
                if ((uint)(entry >>> 32) == (uint)(hash >>> 32) && Utf8(index).SequenceEqual(id))
                {
                    return index;
                }
            }
        }

        public int Add(ReadOnlySpan<byte> id, ulong hash)
        {
            int index = _count;
            id.CopyTo(Bytes.AsSpan(Ends[index]));
            Ends[index + 1] = Ends[index] + id.Length;
            _hashes[index] = hash;
            int mask = _slots.Length - 1;
            int slot = (int)hash & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            Volatile.Write(ref _count, index + 1);
            Volatile.Write(ref _slots[slot], (long)(hash & 0xFFFF_FFFF_0000_0000UL) | (uint)(index + 1));
            return index;
        }

        public void Clear()
        {
            Array.Clear(_slots);
            Array.Clear(Texts, 0, _count);
            _count = 0;
        }

        public Table Copy()
        {
            var copy = new Table(_hashes.Length, Bytes.Length);
            _slots.CopyTo(copy._slots, 0);
            _hashes.CopyTo(copy._hashes, 0);
            Ends.CopyTo(copy.Ends, 0);
            Texts.CopyTo(copy.Texts, 0);
            Bytes.CopyTo(copy.Bytes, 0);
            copy._count = _count;
            return copy;
        }

        public Table Grown(int length)
        {
            int capacity = _count < _hashes.Length ? _hashes.Length : checked(_hashes.Length * 2);
            long textBytes = Math.Max(Bytes.Length, Math.Min(Array.MaxLength, (Bytes.Length * 2L) + length));
            var grown = new Table(capacity, checked((int)textBytes));
            for (int i = 0; i < _count; i++)
            {
                grown.Add(Utf8(i), _hashes[i]);
                grown.Texts[i] = Texts[i];
            }

            return grown;
        }
    }
}
