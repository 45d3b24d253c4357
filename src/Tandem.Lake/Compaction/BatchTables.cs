using System.Text;

namespace Tandem.Lake.Compaction;

/// <summary>The tables of a batch, numbered as their types turn up. For many threads.</summary>
internal sealed class BatchTables(LakeTables declared)
{
    private readonly Lock _adding = new();
    private volatile BatchTable[] _tables = [];

    /// <summary>The tables.</summary>
    public IReadOnlyList<BatchTable> All => _tables;

    /// <summary>The number of a type's table.</summary>
    /// <exception cref="Faults.TandemException">LAK003: the type cannot name a folder.</exception>
    public int Find(ReadOnlySpan<byte> type)
    {
        int found = Find(_tables, type);
        if (found >= 0)
        {
            return found;
        }

        lock (_adding)
        {
            found = Find(_tables, type);
            if (found < 0)
            {
                string name = Encoding.UTF8.GetString(type);
                if (!LakeTables.IsFolderName(name))
                {
                    throw new Faults.TandemException(
                        LakeErrors.BadName(name, "an event's type names a folder of the lake"));
                }

                found = _tables.Length;
                _tables = [.. _tables, new BatchTable(declared.Find(name))];
            }

            return found;
        }
    }

    private static int Find(BatchTable[] tables, ReadOnlySpan<byte> type)
    {
        for (int i = 0; i < tables.Length; i++)
        {
            if (type.SequenceEqual(tables[i].TypeName))
            {
                return i;
            }
        }

        return -1;
    }
}
