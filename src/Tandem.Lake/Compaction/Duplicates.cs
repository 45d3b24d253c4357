using System.Text;
using Tandem.Lake.Native;

namespace Tandem.Lake.Compaction;

/// <summary>Removes events that are there already: appended twice within the batch, or in the lake before it. The
/// earliest position stays.</summary>
internal static class Duplicates
{
    /// <summary>Removes duplicates from the tables of a batch.</summary>
    /// <param name="connection">A connection to the batch's database.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="suspects">Positions of events whose id may stand twice within the batch.</param>
    /// <param name="knownIds">Local paths of the lake's files that may hold an id of the batch.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static void Remove(
        DuckConnection connection,
        IReadOnlyList<BatchTable> tables,
        IReadOnlyCollection<long> suspects,
        IReadOnlyList<string> knownIds,
        CancellationToken cancellationToken)
    {
        connection.Execute("create table suspect (log_position bigint)", cancellationToken);
        connection.Execute("create table dropped (log_position bigint)", cancellationToken);
        string ids = string.Join(
            " union all ", tables.Select(static table => $"select event_id, log_position from {table.SqlName}"));
        if (suspects.Count > 0)
        {
            Fill(connection, suspects);
            connection.Execute(
                $"""
                insert into dropped select log_position from ({ids}) semi join suspect using (log_position)
                qualify row_number() over (partition by event_id order by log_position) > 1
                """,
                cancellationToken);
        }

        if (knownIds.Count > 0)
        {
            connection.Execute(
                $"""
                insert into dropped select log_position from ({ids}) as batch
                semi join (select event_id from read_parquet({Sql.Paths(knownIds)})) as lake using (event_id)
                """,
                cancellationToken);
        }

        if (connection.Whole("select count(*) from dropped", cancellationToken) == 0)
        {
            return;
        }

        foreach (BatchTable table in tables)
        {
            connection.Execute(
                $"delete from {table.SqlName} where log_position in (select log_position from dropped)",
                cancellationToken);
        }
    }

    /// <summary>The parts of the lake that may hold an id of the batch, by their smallest and largest id.</summary>
    public static IReadOnlyList<LakePart> Overlapping(
        DuckConnection connection,
        IReadOnlyList<BatchTable> tables,
        LakeManifest manifest,
        CancellationToken cancellationToken)
    {
        string ids = string.Join(" union all ", tables.Select(static t => $"select event_id from {t.SqlName}"));
        using DuckStatement statement = connection.Prepare($"select min(event_id), max(event_id) from ({ids})");
        using DuckReader reader = statement.Execute(cancellationToken);
        if (!reader.Read() || reader.IsNull(0, 0))
        {
            return [];
        }

        byte[] first = reader.Utf8(0, 0).ToArray();
        byte[] last = reader.Utf8(1, 0).ToArray();
        return
        [
            .. manifest.Tables.SelectMany(static table => table.Parts).Where(part =>
                Encoding.UTF8.GetBytes(part.FirstId).AsSpan().SequenceCompareTo(last) <= 0
                && Encoding.UTF8.GetBytes(part.LastId).AsSpan().SequenceCompareTo(first) >= 0),
        ];
    }

    private static void Fill(DuckConnection connection, IReadOnlyCollection<long> suspects)
    {
        using DuckAppender appender = new(connection, "suspect");
        int row = 0;
        foreach (long position in suspects)
        {
            appender.Column<long>(0)[row] = position;
            if (++row == appender.Capacity)
            {
                appender.Send(row);
                row = 0;
            }
        }

        appender.Send(row);
        appender.Flush();
    }
}
