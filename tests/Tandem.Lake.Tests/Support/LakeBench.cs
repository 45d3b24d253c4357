using System.Text;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Lake.Tests.Support;

/// <summary>A lake on a folder of its own with a journal beside it.</summary>
internal sealed class LakeBench : IDisposable
{
    private readonly TestFolder _folder = new();

    public LakeBench(params LakeTable[] tables)
        : this(new LakeOptions { MemoryBytes = 256L << 20 }, tables)
    {
    }

    public LakeBench(LakeOptions options, params LakeTable[] tables)
    {
        Tables = tables;
        Options = options;
        Directory.CreateDirectory(_folder["journal"]);
        Journal = new TestJournal(_folder["journal"]);
        Store = new FolderStore(_folder["store"]);
        Lake = Open(tables);
    }

    public LakeTable[] Tables { get; }

    public LakeOptions Options { get; }

    public TestJournal Journal { get; }

    public IObjectStore Store { get; }

    public ParquetLake Lake { get; private set; }

    public string Root => _folder["store"];

    /// <summary>Another lake on the same store.</summary>
    public ParquetLake Open(params LakeTable[] tables) =>
        ParquetLake.OpenAsync(Store, tables, Options).AsTask().GetAwaiter().GetResult();

    /// <summary>Adds lines, compacts, and looks.</summary>
    public async Task<LakeSnapshot> CompactAsync(params string[] lines)
    {
        foreach (string line in lines)
        {
            Journal.Add(line);
        }

        await Lake.CompactAsync(Journal);
        return await Lake.SnapshotAsync();
    }

    /// <summary>Rows as text, values separated by <c>|</c>, nulls as <c>-</c>.</summary>
    public static List<string> Rows(LakeReader reader)
    {
        List<string> rows = [];
        using (reader)
        {
            while (reader.Read())
            {
                for (int row = 0; row < reader.RowCount; row++)
                {
                    int at = row;
                    rows.Add(string.Join('|', reader.Columns.Select((_, column) => Value(reader, column, at))));
                }
            }
        }

        return rows;
    }

    public static List<string> Rows(LakeSnapshot snapshot, string table, params string[] columns) =>
        Rows(snapshot.Scan(new LakeQuery { Table = table, Columns = columns, OrderBy = [LakeEnvelope.LogPosition] }));

    public void Dispose()
    {
        Lake.Dispose();
        _folder.Dispose();
    }

    private static string Value(LakeReader reader, int column, int row)
    {
        if (reader.IsNull(column, row))
        {
            return "-";
        }

        return reader.Columns[column].Type switch
        {
            LakeType.Text => reader.Text(column, row)!,
            LakeType.Whole => $"{reader.Wholes(column)[row]}",
            LakeType.Number => reader.Numbers(column)[row].ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            LakeType.Flag => reader.Flags(column)[row] ? "true" : "false",
            LakeType.Time => LakeTime.FromMicros(reader.TimesMicros(column)[row]).ToString(
                "yyyy-MM-dd'T'HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture),
            LakeType.NumberList => $"[{string.Join(',', reader.NumberList(column, row).ToArray())}]",
            LakeType.TextList => $"[{string.Join(',', Enumerable.Range(0, reader.TextListLength(column, row))
                .Select(i => Encoding.UTF8.GetString(reader.TextListUtf8(column, row, i))))}]",
            _ => throw new InvalidOperationException(),
        };
    }
}
