using System.Numerics;

namespace Tandem.Numerics;

/// <summary>A set of ids as bits: id i is bit i mod 64 of word i / 64.</summary>
public static class IdBits
{
    /// <summary>Words for some ids.</summary>
    /// <param name="count">Number of ids, ≥ 0.</param>
    public static int WordsOf(int count) => (int)(((long)count + 63) / 64);

    /// <summary>Whether an id is in the set; all are in an empty one.</summary>
    /// <param name="bits">The set; ids beyond its end are not in it.</param>
    /// <param name="id">An id, ≥ 0.</param>
    public static bool Has(ReadOnlySpan<ulong> bits, int id) =>
        bits.IsEmpty || (id >> 6 < bits.Length && ((bits[id >> 6] >> (id & 63)) & 1) != 0);

    /// <summary>Takes an id out of the set.</summary>
    /// <param name="bits">The set.</param>
    /// <param name="id">An id within it.</param>
    public static void Remove(Span<ulong> bits, int id) => bits[id >> 6] &= ~(1UL << (id & 63));

    /// <summary>Puts an id into the set.</summary>
    /// <param name="bits">The set.</param>
    /// <param name="id">An id within it.</param>
    public static void Add(Span<ulong> bits, int id) => bits[id >> 6] |= 1UL << (id & 63);

    /// <summary>Makes a set of the ids from 0 up.</summary>
    /// <param name="bits">Becomes the set, length <see cref="WordsOf"/>.</param>
    /// <param name="count">Number of ids.</param>
    public static void Fill(Span<ulong> bits, int count)
    {
        bits.Fill(ulong.MaxValue);
        if ((count & 63) != 0)
        {
            bits[^1] = (1UL << (count & 63)) - 1;
        }
    }

    /// <summary>How many ids below a bound are in the set.</summary>
    /// <param name="bits">The set; an empty one holds all.</param>
    /// <param name="count">The bound.</param>
    public static int Count(ReadOnlySpan<ulong> bits, int count)
    {
        if (bits.IsEmpty)
        {
            return count;
        }

        int whole = Math.Min(count >> 6, bits.Length);
        int found = 0;
        foreach (ulong word in bits[..whole])
        {
            found += BitOperations.PopCount(word);
        }

        return whole < bits.Length && (count & 63) != 0
            ? found + BitOperations.PopCount(bits[whole] & ((1UL << (count & 63)) - 1))
            : found;
    }

    /// <summary>How many ids are in both of two sets.</summary>
    /// <param name="bits">A set; an empty one holds none.</param>
    /// <param name="others">The other, likewise.</param>
    public static int CountBoth(ReadOnlySpan<ulong> bits, ReadOnlySpan<ulong> others)
    {
        int found = 0;
        for (int word = 0; word < Math.Min(bits.Length, others.Length); word++)
        {
            found += BitOperations.PopCount(bits[word] & others[word]);
        }

        return found;
    }
}
