namespace Tandem.Lake.Compaction;

/// <summary>Sorts the rows of a partition as its file has them: by the first entity's bytes, those without one last;
/// then by event time, those without one last; then as they stand in the log.</summary>
internal static class RowOrder
{
    /// <summary>Sorts.</summary>
    public static void Sort(EventBatch batch, Span<int> rows)
    {
        int[] ranks = Ranks(batch, rows);
        var keys = new Key[rows.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            long time = batch.Row(rows[i]).Time;
            keys[i] = new Key(ranks[i], time == EventRow.NoTime ? long.MaxValue : time, rows[i]);
        }

        keys.AsSpan().Sort();
        for (int i = 0; i < keys.Length; i++)
        {
            rows[i] = keys[i].Row;
        }
    }

    /// <summary>Each row's place among the distinct entities.</summary>
    private static int[] Ranks(EventBatch batch, ReadOnlySpan<int> rows)
    {
        // By fingerprint: two entities that shared one would lie mixed, and nothing more.
        Dictionary<ulong, int> numbers = [];
        List<int> firsts = [];
        int[] ranks = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            ref readonly EventRow row = ref batch.Row(rows[i]);
            if (!row.Entity.IsPresent)
            {
                ranks[i] = int.MaxValue;
                continue;
            }

            if (!numbers.TryGetValue(row.EntityPrint, out int number))
            {
                number = firsts.Count;
                numbers.Add(row.EntityPrint, number);
                firsts.Add(rows[i]);
            }

            ranks[i] = number;
        }

        int[] sorted = [.. Enumerable.Range(0, firsts.Count)];
        sorted.AsSpan().Sort((x, y) =>
            batch.Entity(firsts[x]).SequenceCompareTo(batch.Entity(firsts[y])));
        int[] rankOf = new int[sorted.Length];
        for (int rank = 0; rank < sorted.Length; rank++)
        {
            rankOf[sorted[rank]] = rank;
        }

        foreach (ref int rank in ranks.AsSpan())
        {
            rank = rank == int.MaxValue ? rank : rankOf[rank];
        }

        return ranks;
    }

    private readonly record struct Key(int Rank, long Time, int Row) : IComparable<Key>
    {
        public int CompareTo(Key other)
        {
            int order = Rank.CompareTo(other.Rank);
            order = order != 0 ? order : Time.CompareTo(other.Time);
            return order != 0 ? order : Row.CompareTo(other.Row);
        }
    }
}
