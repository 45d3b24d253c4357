using System.Text;
using Tandem.Lake.Native;

namespace Tandem.Lake.Compaction;

/// <summary>Reads from a file what a manifest says of it.</summary>
internal static class PartFigures
{
    /// <summary>A part with the figures of a file's rows; its key, schema, bytes and hash stay.</summary>
    /// <param name="part">The part.</param>
    /// <param name="connection">Reads the file.</param>
    /// <param name="schema">What the file was written by.</param>
    /// <param name="path">The file; it has rows.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static LakePart WithFiguresOf(
        this LakePart part, DuckConnection connection, LakeSchema schema, string path,
        CancellationToken cancellationToken)
    {
        string entity = schema.Entities.Count > 0 ? Sql.Name(schema.Entities[0]) : "null::varchar";
        using DuckStatement statement = connection.Prepare(
            $"""
            select count(*), epoch_us(min(event_time)), epoch_us(max(event_time)), count(*) - count(event_time),
                   min(event_id), max(event_id), epoch_us(min(known_time)), min({entity}), max({entity})
            from read_parquet({Sql.Text(path)}, hive_partitioning=false)
            """);
        using DuckReader reader = statement.Execute(cancellationToken);
        reader.Read();
        return part with
        {
            Rows = reader.Column<long>(0)[0],
            First = Moment(reader, 1),
            Last = Moment(reader, 2),
            Timeless = reader.Column<long>(3)[0],
            FirstId = Text(reader, 4)!,
            LastId = Text(reader, 5)!,
            FirstKnown = Moment(reader, 6),
            FirstEntity = Text(reader, 7),
            LastEntity = Text(reader, 8),
        };
    }

    private static DateTimeOffset? Moment(DuckReader reader, int column) =>
        reader.IsNull(column, 0) ? null : LakeTime.FromMicros(reader.Column<long>(column)[0]);

    private static string? Text(DuckReader reader, int column) =>
        reader.IsNull(column, 0) ? null : Encoding.UTF8.GetString(reader.Utf8(column, 0));
}
