using System.Globalization;
using System.Text;
using Tandem.Lake.Native;

namespace Tandem.Lake.Compaction;

/// <summary>Cuts a batch table by date: by days, or where those are too many by months, or by years.</summary>
internal static class Partitions
{
    private const string NoDate = "none";

    private static readonly (string Unit, string Format)[] Units =
        [("day", "yyyy-MM-dd"), ("month", "yyyy-MM"), ("year", "yyyy")];

    /// <summary>The partitions of a table, oldest first; none where it has no rows.</summary>
    /// <param name="connection">A connection to the batch's database.</param>
    /// <param name="table">The table.</param>
    /// <param name="maximum">Partitions from which a coarser cut is taken.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public static IReadOnlyList<Partition> Of(
        DuckConnection connection, BatchTable table, int maximum, CancellationToken cancellationToken)
    {
        if (!table.Declared.HasTimes)
        {
            return Query(connection, table, "null::bigint", "", cancellationToken);
        }

        List<Partition> cut = [];
        foreach ((string unit, string format) in Units)
        {
            cut = Query(connection, table, $"epoch_us(date_trunc('{unit}', event_time))", format, cancellationToken);
            if (cut.Count <= maximum)
            {
                break;
            }
        }

        return cut;
    }

    /// <summary>The condition that holds for a partition's rows and for no others of its table.</summary>
    public static string Condition(BatchTable table, Partition partition) => (table.Declared.HasTimes, partition) switch
    {
        (false, _) => "true",
        (true, { FirstMicros: { } first, LastMicros: { } last }) =>
            $"event_time between {Sql.Moment(first)} and {Sql.Moment(last)}",
        _ => "event_time is null",
    };

    private static List<Partition> Query(
        DuckConnection connection, BatchTable table, string key, string format, CancellationToken cancellationToken)
    {
        string entity = table.Declared.Entities.Count > 0 ? Sql.Name(table.Declared.Entities[0]) : "null::varchar";
        using DuckStatement statement = connection.Prepare(
            $"""
            select {key}, count(*), epoch_us(min(event_time)), epoch_us(max(event_time)), count(*) - count(event_time),
                   min(event_id), max(event_id), epoch_us(min(known_time)), min({entity}), max({entity})
            from {table.SqlName} group by 1 order by 1 nulls first
            """);
        using DuckReader reader = statement.Execute(cancellationToken);
        List<Partition> partitions = [];
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                partitions.Add(new Partition
                {
                    Label = reader.IsNull(0, row) ? NoDate : Label(reader.Column<long>(0)[row], format),
                    Rows = reader.Column<long>(1)[row],
                    FirstMicros = reader.IsNull(2, row) ? null : reader.Column<long>(2)[row],
                    LastMicros = reader.IsNull(3, row) ? null : reader.Column<long>(3)[row],
                    Timeless = reader.Column<long>(4)[row],
                    FirstId = Encoding.UTF8.GetString(reader.Utf8(5, row)),
                    LastId = Encoding.UTF8.GetString(reader.Utf8(6, row)),
                    FirstKnownMicros = reader.IsNull(7, row) ? null : reader.Column<long>(7)[row],
                    FirstEntity = reader.IsNull(8, row) ? null : Encoding.UTF8.GetString(reader.Utf8(8, row)),
                    LastEntity = reader.IsNull(9, row) ? null : Encoding.UTF8.GetString(reader.Utf8(9, row)),
                });
            }
        }

        return partitions;
    }

    private static string Label(long micros, string format) =>
        LakeTime.FromMicros(micros).ToString(format, CultureInfo.InvariantCulture);
}
