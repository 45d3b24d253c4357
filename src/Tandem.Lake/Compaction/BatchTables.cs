using System.Collections.Concurrent;
using System.Globalization;
using Tandem.Lake.Native;

namespace Tandem.Lake.Compaction;

/// <summary>The tables of a batch, made as their types turn up. For many threads.</summary>
internal sealed class BatchTables(DuckDatabase database, LakeTables declared)
{
    private readonly ConcurrentDictionary<string, BatchTable> _tables = new(StringComparer.Ordinal);
    private readonly Lock _creation = new();

    /// <summary>The tables, by ordinal order of type.</summary>
    public IReadOnlyList<BatchTable> All =>
        [.. _tables.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => pair.Value)];

    /// <summary>The table of a type, made where there is none.</summary>
    /// <exception cref="Faults.TandemException">LAK003: the type cannot name a folder.</exception>
    public BatchTable For(string type)
    {
        if (_tables.TryGetValue(type, out BatchTable? table))
        {
            return table;
        }

        lock (_creation)
        {
            if (!_tables.TryGetValue(type, out table))
            {
                table = Create(type);
                _tables[type] = table;
            }
        }

        return table;
    }

    private BatchTable Create(string type)
    {
        if (!LakeTables.IsFolderName(type))
        {
            throw new Faults.TandemException(LakeErrors.BadName(type, "an event's type names a folder of the lake"));
        }

        BatchTable table =
            new(declared.Find(type), string.Create(CultureInfo.InvariantCulture, $"batch_{_tables.Count}"));
        using DuckConnection connection = database.Connect();
        connection.Execute(table.CreateStatement, CancellationToken.None);
        return table;
    }
}
