using System.Globalization;
using System.Runtime.ExceptionServices;
using Tandem.Faults;
using Tandem.Lake.Native;
using Tandem.Storage;

namespace Tandem.Lake.Compaction;

/// <summary>Writes rows of a batch as Parquet files into the store. For many threads.</summary>
internal sealed class PartWriter : IDisposable
{
    private const string Function = "batch_rows";

    private readonly IObjectStore _store;
    private readonly DuckDatabase _database;
    private readonly WorkFolder _folder;
    private readonly long _manifest;
    private readonly IReadOnlyList<PartRows> _parts;
    private readonly DuckRowFunction _function;

    /// <summary>Gets ready to write.</summary>
    /// <param name="store">Takes the files.</param>
    /// <param name="database">Writes them.</param>
    /// <param name="folder">Where they are written first.</param>
    /// <param name="manifest">Number of the manifest that will name them.</param>
    /// <param name="parts">The rows, file by file.</param>
    public PartWriter(
        IObjectStore store, DuckDatabase database, WorkFolder folder, long manifest, IReadOnlyList<PartRows> parts)
    {
        _store = store;
        _database = database;
        _folder = folder;
        _manifest = manifest;
        _parts = parts;
        using DuckConnection connection = database.Connect();
        _function = new DuckRowFunction(connection, Function, [.. parts.Select(static part => part.Source)]);
    }

    /// <summary>How the rows of every file of a table lie.</summary>
    public static string Order(LakeTable table)
    {
        string first = table.Entities.Count > 0 ? Sql.Name(table.Entities[0]) + ", " : "";
        return $"{first}event_time, log_position";
    }

    /// <summary>A column of a file as it is written.</summary>
    public static string Expression(LakeColumn column) =>
        string.Equals(column.Name, LakeEnvelope.Position, StringComparison.Ordinal)
            ? "position::integer as position"
            : Sql.Name(column.Name);

    /// <summary>Writes one part and puts it into the store.</summary>
    /// <param name="index">Which of the parts; each once.</param>
    /// <param name="schema">Which of the manifest's schemas of the table this is.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async ValueTask<LakePart> WriteAsync(int index, int schema, CancellationToken cancellationToken)
    {
        PartRows part = _parts[index];
        string path = _folder.File(string.Create(CultureInfo.InvariantCulture, $"part-{index}.parquet"));
        try
        {
            using DuckConnection connection = _database.Connect();
            connection.Execute(CopyStatement(part.Partition.Table, index, path), cancellationToken);
        }
        catch (TandemException) when (part.Source.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        string hash = await ContentHash.OfFileAsync(path, cancellationToken).ConfigureAwait(false);
        long bytes = new FileInfo(path).Length;
        string key = PartKey.For(
            part.Partition.Table.Declared.Name, part.Partition.Label, _manifest, PartKey.Digits(hash));
        await _store.PutFileAsync(key, path, cancellationToken).ConfigureAwait(false);
        return part.Figures.Part(key, schema, bytes, hash);
    }

    public void Dispose() => _function.Dispose();

    private static string CopyStatement(BatchTable table, int index, string path)
    {
        string columns = string.Join(", ", table.Columns.Select(Expression));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            copy (select {columns} from {Function}({index}))
            to {Sql.Text(path)} (format parquet, compression zstd)
            """);
    }
}
