using System.Globalization;
using System.Text;
using Tandem.Lake.Native;

namespace Tandem.Lake.Queries;

/// <summary>An as-of join as one would write it by hand for DuckDB: three joins of one table on the moment from which an
/// event could be used, and an age. It is right only where no event of a key overtakes another on its way to the log and
/// no two happen at once. <c>tandem bench sets</c> holds training sets against it.</summary>
internal static class BareAsOf
{
    /// <summary>Joins.</summary>
    /// <param name="events">The lake's Parquet files of one table.</param>
    /// <param name="spine">Parquet file of the rows: <c>row</c>, <c>time</c>, and the keys.</param>
    /// <param name="views">Key and greatest age of each join.</param>
    /// <param name="columns">Number columns that each join reads.</param>
    /// <param name="asOf">What became known later is left out.</param>
    /// <param name="values">Receives the values, shape (rows, views × columns), row-major; NaN is null.</param>
    /// <param name="options">Memory and threads.</param>
    /// <param name="spillFolder">Where the engine spills.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    public static void Run(
        IReadOnlyList<string> events, string spine, IReadOnlyList<(string Key, TimeSpan Age)> views,
        IReadOnlyList<string> columns, DateTimeOffset asOf, float[] values, LakeOptions options, string spillFolder,
        CancellationToken cancellationToken)
    {
        using DuckDatabase database = LakeDatabase.Open(options, spillFolder);
        using DuckConnection connection = database.Connect();
        using DuckStatement statement = connection.Prepare(Text(events, spine, views, columns, asOf));
        using DuckReader reader = statement.Stream(cancellationToken);
        int width = views.Count * columns.Count;
        while (reader.Read())
        {
            ReadOnlySpan<long> rows = reader.Column<long>(0);
            for (int column = 0; column < width; column++)
            {
                ReadOnlySpan<float> found = reader.Column<float>(column + 1);
                for (int i = 0; i < rows.Length; i++)
                {
                    values[(rows[i] * width) + column] = reader.IsNull(column + 1, i) ? float.NaN : found[i];
                }
            }
        }
    }

    /// <summary>Writes the rows' Parquet file.</summary>
    /// <param name="times">The moments, microseconds since 1970.</param>
    /// <param name="keys">Name and values of each key.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Memory and threads.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    public static void WriteSpine(
        long[] times, IReadOnlyList<(string Name, string[] Ids)> keys, string path, LakeOptions options,
        CancellationToken cancellationToken)
    {
        using DuckDatabase database = LakeDatabase.Open(options, spillFolder: "");
        using DuckConnection connection = database.Connect();
        string names = string.Concat(keys.Select(static key => $", {Sql.Name(key.Name)} varchar"));
        connection.Execute($"create temp table spine (row bigint, time timestamp{names})", cancellationToken);
        using (DuckAppender appender = new(connection, "spine"))
        {
            for (int first = 0; first < times.Length; first += DuckColumns.Capacity)
            {
                int count = Math.Min(DuckColumns.Capacity, times.Length - first);
                for (int i = 0; i < count; i++)
                {
                    appender.Columns.Column<long>(0)[i] = first + i;
                    appender.Columns.Column<long>(1)[i] = times[first + i];
                    for (int k = 0; k < keys.Count; k++)
                    {
                        appender.Columns.SetUtf8(k + 2, i, Encoding.UTF8.GetBytes(keys[k].Ids[first + i]));
                    }
                }

                appender.Send(count);
            }

            appender.Flush();
        }

        connection.Execute($"copy spine to {Sql.Text(path)} (format parquet)", cancellationToken);
    }

    private static string Text(
        IReadOnlyList<string> events, string spine, IReadOnlyList<(string Key, TimeSpan Age)> views,
        IReadOnlyList<string> columns, DateTimeOffset asOf)
    {
        string list = string.Join(", ", views.SelectMany((view, v) => columns.Select(column => string.Create(
            CultureInfo.InvariantCulture,
            $"case when epoch_us(s.time) - epoch_us(e{v}.event_time) <= {view.Age.Ticks / TimeSpan.TicksPerMicrosecond} " +
            $"then e{v}.{Sql.Name(column)}::float end"))));
        string values = string.Join(", ", columns.Select(Sql.Name));
        string joins = string.Concat(views.Select((view, v) => string.Create(
            CultureInfo.InvariantCulture,
            $"""

            asof left join (
              select {Sql.Name(view.Key)}, event_time, {values},
                greatest(event_time + interval 1 microsecond, known_time) as usable
              from read_parquet({Sql.Paths(events)})
              where known_time <= {Sql.Moment(LakeTime.ToMicros(asOf))}) e{v}
            on s.{Sql.Name(view.Key)} = e{v}.{Sql.Name(view.Key)} and s.time >= e{v}.usable
            """)));
        return $"select s.row, {list} from read_parquet({Sql.Text(spine)}) s{joins}";
    }
}
