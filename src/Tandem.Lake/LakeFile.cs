using System.Text;
using Tandem.Faults;
using Tandem.Lake.Foreign;
using Tandem.Lake.Native;

namespace Tandem.Lake;

/// <summary>A file that others wrote, read column by column for import. Delimited text and JSON lines give text
/// columns, Parquet gives its own types.</summary>
/// <remarks>For one thread, one reader at a time.</remarks>
public sealed class LakeFile : IDisposable
{
    private readonly string _path;
    private readonly IForeignSource _source;
    private readonly DuckDatabase _database;
    private readonly DuckConnection _connection;

    private LakeFile(string path, IForeignSource source, LakeOptions options, CancellationToken cancellationToken)
    {
        _path = path;
        _source = source;
        _database = LakeDatabase.Open(options.Validate(), spillFolder: "");
        _connection = _database.Connect();
        try
        {
            Columns = source.FindColumns(_connection, cancellationToken);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file's columns. Of JSON lines, the keys of the first 10,000 objects.</summary>
    public IReadOnlyList<LakeColumn> Columns { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="format">Its format.</param>
    /// <param name="options">How it is to be read, or null for the defaults.</param>
    /// <param name="engine">Memory and threads, or null for the defaults.</param>
    /// <param name="cancellationToken">Interrupts the look at its columns.</param>
    /// <exception cref="TandemException">LAK001: the engine's library is missing; LAK011: the file is not there, or not
    /// of that format.</exception>
    public static LakeFile Open(
        string path,
        LakeFileFormat format,
        LakeFileOptions? options = null,
        LakeOptions? engine = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw LakeErrors.UnreadableFile(path, "there is no such file");
        }

        options ??= new LakeFileOptions();
        IForeignSource source = format switch
        {
            LakeFileFormat.Csv => new DelimitedSource(path, options.Delimiter ?? ",", options),
            LakeFileFormat.Tsv => new DelimitedSource(path, options.Delimiter ?? "\t", options),
            LakeFileFormat.JsonLines => new JsonLinesSource(path),
            LakeFileFormat.Parquet => new ParquetSource(path),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such format."),
        };
        return Guard(path, () => new LakeFile(path, source, engine ?? new LakeOptions(), cancellationToken));
    }

    /// <summary>Reads the rows, in the file's order.</summary>
    /// <param name="columns">Columns to read; none reads them all.</param>
    /// <param name="cancellationToken">Interrupts the reading.</param>
    /// <returns>Column <c>row</c>, then the columns. Of JSON lines it is the line's number, from 1; else the row's,
    /// from 1, header and rejected lines not counted.</returns>
    /// <exception cref="ArgumentException">The file has no such column.</exception>
    /// <exception cref="TandemException">LAK011: it cannot be read.</exception>
    public LakeReader Read(IReadOnlyList<string>? columns = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<LakeColumn> chosen = columns is null or { Count: 0 } ? Columns : [.. columns.Select(Column)];
        return Guard(_path, () =>
        {
            DuckStatement statement = _connection.Prepare(_source.Query(chosen));
            return new LakeReader(
                null, statement, statement.Stream(cancellationToken),
                [new LakeColumn("row", LakeType.Whole), .. chosen]);
        });
    }

    /// <summary>The lines that are no rows, in order; to be asked when a reader has come to its end.</summary>
    /// <param name="cancellationToken">Interrupts the query.</param>
    public IReadOnlyList<LakeRejection> Rejections(CancellationToken cancellationToken = default)
    {
        if (_source.RejectionQuery is not { } query)
        {
            return [];
        }

        using DuckStatement statement = _connection.Prepare(query);
        using DuckReader reader = statement.Execute(cancellationToken);
        List<LakeRejection> rejections = [];
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                rejections.Add(new LakeRejection(
                    reader.Column<long>(0)[row], Text(reader, 1, row), Text(reader, 2, row)));
            }
        }

        return rejections;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    private static string Text(DuckReader reader, int column, int row) =>
        reader.IsNull(column, row) ? "" : Encoding.UTF8.GetString(reader.Utf8(column, row));

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TandemException e) when (e.Fault.Code == LakeErrors.EngineCode)
        {
            throw LakeErrors.UnreadableFile(path, e.Fault.What, e);
        }
    }

    private LakeColumn Column(string name) =>
        Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"The file has no column '{name}'; it has {string.Join(", ", Columns.Select(static c => c.Name))}.",
            nameof(name));
}
