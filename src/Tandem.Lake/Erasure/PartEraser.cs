using System.Text;
using Tandem.Events;
using Tandem.Lake.Compaction;
using Tandem.Lake.Native;
using Tandem.Storage;

namespace Tandem.Lake.Erasure;

/// <summary>Finds the rows of one file that name a person, and writes the file without them.</summary>
internal sealed class PartEraser(
    IObjectStore store, DuckConnection connection, WorkFolder folder, ErasedPerson person)
{
    private const string Dropped = "erased_rows";

    // Its values say where a row belongs, never who it is about.
    private static readonly string[] NoNames = [LakeEnvelope.Tenant, LakeEnvelope.ModelVersion];

    /// <summary>Erases from one part.</summary>
    /// <returns>What was done; null where no row names the person.</returns>
    public async ValueTask<ErasedPart?> EraseAsync(
        LakePart part, LakeSchema schema, bool isDryRun, CancellationToken cancellationToken)
    {
        string path = await store.LocalPathAsync(part.Key, cancellationToken).ConfigureAwait(false);
        List<long> rows = Find(path, schema, cancellationToken);
        if (rows.Count == 0)
        {
            return null;
        }

        bool isWritten = !isDryRun && rows.Count < part.Rows;
        return new ErasedPart(
            rows,
            isWritten
                ? await WriteAsync(part, schema, path, rows, cancellationToken).ConfigureAwait(false)
                : null);
    }

    /// <summary>Log positions of the rows that name the person.</summary>
    private List<long> Find(string path, LakeSchema schema, CancellationToken cancellationToken)
    {
        string isNamed = string.Join(" or ", Names(schema));
        string id = Sql.Text(person.Id);
        using DuckStatement statement = connection.Prepare(
            $"""
            select log_position, coalesce({isNamed}, false) as named, features, extra
            from read_parquet({Sql.Text(path)}, hive_partitioning=false)
            where named
              or contains(features, {id}) or contains(features, '\') or contains(extra, {id}) or contains(extra, '\')
            """);
        using DuckReader reader = statement.Stream(cancellationToken);
        List<long> rows = [];
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                if (reader.Column<bool>(1)[row] || IsInJson(reader, 2, row) || IsInJson(reader, 3, row))
                {
                    rows.Add(reader.Column<long>(0)[row]);
                }
            }
        }

        return rows;
    }

    private bool IsInJson(DuckReader reader, int column, int row) =>
        !reader.IsNull(column, row) && person.IsInValue(
            reader.Utf8(column, row), Encoding.UTF8.GetString(ExtraData.EntitiesKey));

    /// <summary>A condition for each column that can name the person: texts and lists of texts, but for other
    /// entities.</summary>
    private IEnumerable<string> Names(LakeSchema schema)
    {
        string id = Sql.Text(person.Id);
        IEnumerable<LakeColumn> envelope = LakeEnvelope.Columns.Where(static column =>
            column.Name is not (LakeEnvelope.Features or LakeEnvelope.Extra)
            && !NoNames.Contains(column.Name, StringComparer.Ordinal));
        IEnumerable<LakeColumn> entities = schema.Entities
            .Where(entity => entity == person.Entity)
            .Select(static entity => new LakeColumn(entity, LakeType.Text));
        foreach (LakeColumn column in envelope.Concat(entities).Concat(schema.Columns))
        {
            if (column.Type == LakeType.Text)
            {
                yield return $"coalesce({Sql.Name(column.Name)} = {id}, false)";
            }
            else if (column.Type == LakeType.TextList)
            {
                yield return $"coalesce(list_contains({Sql.Name(column.Name)}, {id}), false)";
            }
        }
    }

    private async ValueTask<LakePart> WriteAsync(
        LakePart part, LakeSchema schema, string path, List<long> rows,
        CancellationToken cancellationToken)
    {
        connection.Execute($"create or replace temp table {Dropped} (log_position bigint)", cancellationToken);
        Fill(rows);
        string relation = $"read_parquet({Sql.Text(path)}, hive_partitioning=false)";
        string first = schema.Entities.Count > 0 ? Sql.Name(schema.Entities[0]) + ", " : "";
        string target = folder.File("erased.parquet");
        connection.Execute(
            $"""
            copy (select * from {relation} where log_position not in (select log_position from {Dropped})
                  order by {first}event_time, log_position)
            to {Sql.Text(target)} (format parquet, compression zstd)
            """,
            cancellationToken);
        string hash = await ContentHash.OfFileAsync(target, cancellationToken).ConfigureAwait(false);
        LakePart successor = part.WithFiguresOf(connection, schema, target, cancellationToken) with
        {
            Key = PartKey.Succeeding(part.Key, hash),
            Bytes = new FileInfo(target).Length,
            Hash = hash,
        };
        await store.PutFileAsync(successor.Key, target, cancellationToken).ConfigureAwait(false);
        return successor;
    }

    private void Fill(List<long> rows)
    {
        using DuckAppender appender = new(connection, Dropped);
        int at = 0;
        foreach (long row in rows)
        {
            appender.Columns.Column<long>(0)[at] = row;
            if (++at == DuckColumns.Capacity)
            {
                appender.Send(at);
                at = 0;
            }
        }

        appender.Send(at);
        appender.Flush();
    }
}
