using System.Globalization;

namespace Tandem.Lake.Compaction;

/// <summary>Cuts a batch by table and date: by days, or where those are too many by months, or by years.</summary>
internal static class Partitions
{
    private const string NoDate = "none";
    private const long MicrosADay = 86_400_000_000;

    // Before every date.
    private const int NoKey = int.MinValue;

    /// <summary>The partitions of a batch: by ordinal order of the table's name, then oldest first.</summary>
    /// <param name="batch">The batch, its duplicates dropped.</param>
    /// <param name="maximum">Partitions of one table from which a coarser cut is taken.</param>
    public static IReadOnlyList<Partition> Of(EventBatch batch, int maximum)
    {
        List<int>[] rows = [.. batch.Tables.Select(static _ => new List<int>())];
        for (int block = 0; block < batch.BlockCount; block++)
        {
            Span<EventRow> all = batch.Rows(block);
            for (int i = 0; i < all.Length; i++)
            {
                if (all[i].Table != EventRow.Dropped)
                {
                    rows[all[i].Table].Add(EventBatch.Number(block, i));
                }
            }
        }

        return
        [
            .. Enumerable.Range(0, rows.Length).Where(table => rows[table].Count > 0)
                .OrderBy(table => batch.Tables[table].Declared.Name, StringComparer.Ordinal)
                .SelectMany(table => Cut(batch, batch.Tables[table], rows[table], maximum)),
        ];
    }

    private static IEnumerable<Partition> Cut(EventBatch batch, BatchTable table, List<int> rows, int maximum)
    {
        if (!table.Declared.HasTimes)
        {
            return [new Partition(table, NoDate, [.. rows])];
        }

        SortedDictionary<int, List<int>> days = Group(rows, batch);
        SortedDictionary<int, List<int>> cut = days;
        string format = "yyyy-MM-dd";
        if (days.Count > maximum)
        {
            format = "yyyy-MM";
            cut = Coarser(days, static date => new DateOnly(date.Year, date.Month, 1));
        }

        if (cut.Count > maximum)
        {
            format = "yyyy";
            cut = Coarser(days, static date => new DateOnly(date.Year, 1, 1));
        }

        return cut.Select(pair => new Partition(
            table,
            pair.Key == NoKey ? NoDate : DateOnly.FromDayNumber(pair.Key).ToString(format, CultureInfo.InvariantCulture),
            [.. pair.Value]));
    }

    private static SortedDictionary<int, List<int>> Group(List<int> rows, EventBatch batch)
    {
        // Events mostly come in the order of their time: the day of the last one is asked first.
        SortedDictionary<int, List<int>> days = [];
        List<int> last = [];
        int lastDay = 0;
        foreach (int row in rows)
        {
            int day = DayNumber(batch.Row(row).Time);
            if (last.Count == 0 || day != lastDay)
            {
                if (!days.TryGetValue(day, out last!))
                {
                    last = [];
                    days.Add(day, last);
                }

                lastDay = day;
            }

            last.Add(row);
        }

        return days;
    }

    private static SortedDictionary<int, List<int>> Coarser(
        SortedDictionary<int, List<int>> days, Func<DateOnly, DateOnly> begin)
    {
        SortedDictionary<int, List<int>> cut = [];
        foreach ((int day, List<int> rows) in days)
        {
            int key = day == NoKey ? NoKey : begin(DateOnly.FromDayNumber(day)).DayNumber;
            if (!cut.TryGetValue(key, out List<int>? joined))
            {
                joined = [];
                cut.Add(key, joined);
            }

            joined.AddRange(rows);
        }

        return cut;
    }

    private static int DayNumber(long micros)
    {
        if (micros == EventRow.NoTime)
        {
            return NoKey;
        }

        long day = Math.DivRem(micros, MicrosADay, out long rest) - (rest < 0 ? 1 : 0);
        return (int)day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
    }
}
