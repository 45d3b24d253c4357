using System.Buffers.Binary;

namespace Tandem.Lake.Compaction;

/// <summary>Fingerprints of event ids with their positions: finds the few events whose id may stand twice, so that only
/// those need an exact look.</summary>
internal sealed class EventIds
{
    private ulong[] _prints = new ulong[1024];
    private long[] _positions = new long[1024];
    private int _count;

    /// <summary>Adds an event.</summary>
    public void Add(ReadOnlySpan<byte> id, long position)
    {
        if (_count == _prints.Length)
        {
            Array.Resize(ref _prints, _count * 2);
            Array.Resize(ref _positions, _count * 2);
        }

        _prints[_count] = Fingerprint(id);
        _positions[_count++] = position;
    }

    /// <summary>Adds all of another's events.</summary>
    public void Add(EventIds other)
    {
        int count = _count + other._count;
        if (count > _prints.Length)
        {
            Array.Resize(ref _prints, count);
            Array.Resize(ref _positions, count);
        }

        other._prints.AsSpan(0, other._count).CopyTo(_prints.AsSpan(_count));
        other._positions.AsSpan(0, other._count).CopyTo(_positions.AsSpan(_count));
        _count = count;
    }

    /// <summary>Positions of all events that share their fingerprint with another.</summary>
    public IReadOnlyCollection<long> FindSuspects()
    {
        // Open addressing over the indices, at most half full.
        HashSet<long> suspects = [];
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(_count, 8) * 2);
        int[] slots = new int[size];
        for (int i = 0; i < _count; i++)
        {
            int slot = (int)(_prints[i] & (uint)(size - 1));
            while (slots[slot] != 0 && _prints[slots[slot] - 1] != _prints[i])
            {
                slot = (slot + 1) & (size - 1);
            }

            if (slots[slot] == 0)
            {
                slots[slot] = i + 1;
            }
            else
            {
                suspects.Add(_positions[slots[slot] - 1]);
                suspects.Add(_positions[i]);
            }
        }

        return suspects;
    }

    /// <summary>64 bits that mix every byte; equal ids have equal fingerprints.</summary>
    internal static ulong Fingerprint(ReadOnlySpan<byte> id)
    {
        ulong hash = Mix(0x9E3779B97F4A7C15UL + (ulong)id.Length);
        while (id.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(id));
            id = id[sizeof(ulong)..];
        }

        ulong tail = 0;
        for (int i = 0; i < id.Length; i++)
        {
            tail |= (ulong)id[i] << (8 * i);
        }

        return Mix(hash ^ tail);
    }

    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, 0xD6E8FEB86659FD93UL, out ulong low);
        return high ^ low;
    }
}
