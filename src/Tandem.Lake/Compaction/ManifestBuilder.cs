using Tandem.Events;

namespace Tandem.Lake.Compaction;

/// <summary>Makes the manifest that follows another: everything of the other, and the parts of one batch.</summary>
internal sealed class ManifestBuilder
{
    private readonly LakeManifest _previous;
    private readonly JournalPosition _to;
    private readonly SortedDictionary<string, LakeManifestTable> _tables = new(StringComparer.Ordinal);

    public ManifestBuilder(LakeManifest previous, JournalPosition to)
    {
        _previous = previous;
        _to = to;
        foreach (LakeManifestTable table in previous.Tables)
        {
            _tables.Add(table.Name, table);
        }
    }

    /// <summary>The number of a table's declaration among its schemas, added where it is new.</summary>
    public int SchemaOf(LakeTable declared)
    {
        LakeManifestTable table = TableOf(declared);
        for (int i = 0; i < table.Schemas.Count; i++)
        {
            if (table.Schemas[i].Entities.SequenceEqual(declared.Entities, StringComparer.Ordinal)
                && table.Schemas[i].Columns.SequenceEqual(declared.Columns))
            {
                return i;
            }
        }

        LakeSchema added = new([.. declared.Entities], [.. declared.Columns]);
        _tables[declared.Name] = table with { Schemas = [.. table.Schemas, added] };
        return table.Schemas.Count;
    }

    /// <summary>Adds a part to its table.</summary>
    public void Add(LakeTable declared, LakePart part)
    {
        LakeManifestTable table = TableOf(declared);
        _tables[declared.Name] = table with { Parts = [.. table.Parts, part] };
    }

    /// <summary>The manifest.</summary>
    public LakeManifest Build() => new()
    {
        Number = _previous.Number + 1,
        From = _previous.To,
        To = _to,
        Tables = [.. _tables.Values],
    };

    private LakeManifestTable TableOf(LakeTable declared) =>
        _tables.TryGetValue(declared.Name, out LakeManifestTable? table)
            ? table
            : new LakeManifestTable { Name = declared.Name, Schemas = [], Parts = [] };
}
