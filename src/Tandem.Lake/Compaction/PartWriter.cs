using System.Globalization;
using Tandem.Lake.Native;
using Tandem.Storage;

namespace Tandem.Lake.Compaction;

/// <summary>Writes the partitions of batch tables as Parquet files into the store. For many threads.</summary>
internal sealed class PartWriter(IObjectStore store, DuckDatabase database, WorkFolder folder, long manifest)
{
    private int _written;

    /// <summary>Writes one partition and puts it into the store.</summary>
    /// <param name="table">The batch table.</param>
    /// <param name="partition">Its rows.</param>
    /// <param name="schema">Which of the manifest's schemas of the table this is.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async ValueTask<LakePart> WriteAsync(
        BatchTable table, Partition partition, int schema, CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref _written);
        string path = folder.File(string.Create(CultureInfo.InvariantCulture, $"part-{number}.parquet"));
        using (DuckConnection connection = database.Connect())
        {
            connection.Execute(CopyStatement(table, partition, path), cancellationToken);
        }

        string hash = await ContentHash.OfFileAsync(path, cancellationToken).ConfigureAwait(false);
        long bytes = new FileInfo(path).Length;
        string key = PartKey.For(table.Declared.Name, partition.Label, manifest, PartKey.Digits(hash));
        await store.PutFileAsync(key, path, cancellationToken).ConfigureAwait(false);
        return new LakePart
        {
            Key = key,
            Schema = schema,
            Rows = partition.Rows,
            Bytes = bytes,
            First = Moment(partition.FirstMicros),
            Last = Moment(partition.LastMicros),
            Timeless = partition.Timeless,
            FirstKnown = Moment(partition.FirstKnownMicros),
            FirstEntity = partition.FirstEntity,
            LastEntity = partition.LastEntity,
            FirstId = partition.FirstId,
            LastId = partition.LastId,
            Hash = hash,
        };
    }

    /// <summary>How the rows of every file of a table lie.</summary>
    public static string Order(LakeTable table)
    {
        string first = table.Entities.Count > 0 ? Sql.Name(table.Entities[0]) + ", " : "";
        return $"{first}event_time, log_position";
    }

    private static DateTimeOffset? Moment(long? micros) => micros is { } value ? LakeTime.FromMicros(value) : null;

    private static string CopyStatement(BatchTable table, Partition partition, string path)
    {
        string columns = string.Join(", ", table.Columns.Select(static column =>
            string.Equals(column.Name, LakeEnvelope.Position, StringComparison.Ordinal)
                ? "position::integer as position"
                : Sql.Name(column.Name)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            copy (select {columns} from {table.SqlName} where {Partitions.Condition(table, partition)}
                  order by {Order(table.Declared)})
            to {Sql.Text(path)} (format parquet, compression zstd)
            """);
    }
}
