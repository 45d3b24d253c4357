using Tandem.Events;
using Tandem.Lake.Native;

namespace Tandem.Lake.Compaction;

/// <summary>What the engine alone makes of a log: its lines read as they lie and written to one Parquet file. It checks
/// no sum, removes no duplicate, sorts and cuts nothing, and keeps no undeclared column. <c>tandem bench compaction</c>
/// holds the lake against it.</summary>
internal static class BareCopy
{
    /// <summary>Copies.</summary>
    /// <param name="table">Type of every event in the log, and what it carries.</param>
    /// <param name="segments">Closed segments.</param>
    /// <param name="path">The Parquet file to write.</param>
    /// <param name="options">Memory and threads.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <returns>Rows written, headers of segments left out.</returns>
    public static long Run(
        LakeTable table, IReadOnlyList<JournalSegment> segments, string path, LakeOptions options,
        CancellationToken cancellationToken)
    {
        using DuckDatabase database = LakeDatabase.Open(options, spillFolder: "");
        using DuckConnection connection = database.Connect();
        string files = Sql.Paths(segments.Select(static segment => segment.Path));
        string entities = Struct(table.Entities.Select(static entity => new LakeColumn(entity, LakeType.Text)));
        return connection.Whole(
            $$"""
            copy (
              from read_json({{files}}, format='newline_delimited', columns={
                id: 'varchar', type: 'varchar', tenant: 'varchar', entities: {{Sql.Text(entities)}},
                "time": 'timestamp', known: 'timestamp', data: {{Sql.Text(Struct(table.Columns))}}})
              where id is not null)
            to {{Sql.Text(path)}} (format parquet, compression zstd)
            """,
            cancellationToken);
    }

    private static string Struct(IEnumerable<LakeColumn> columns) =>
        $"struct({string.Join(", ", columns.Select(static column => $"{Sql.Name(column.Name)} {Sql.Type(column.Type)}"))})";
}
