using Tandem.Faults;
using Tandem.Storage;

namespace Tandem.Lake.Queries;

/// <summary>One table of one manifest as a relation: its parts, whatever declaration each was written by, under the
/// columns that are declared now.</summary>
internal sealed class TableSource
{
    private readonly LakeTable _declared;
    private readonly LakeManifestTable? _stored;
    private readonly Dictionary<string, LakeColumn> _columns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds a table.</summary>
    /// <exception cref="TandemException">LAK008: neither declared nor in the manifest.</exception>
    public TableSource(LakeTables tables, LakeManifest manifest, string name)
    {
        _stored = manifest.Find(name);
        if (_stored is null && !tables.IsDeclared(name))
        {
            throw LakeErrors.NoSuchTable(name, [.. tables.Names, .. manifest.Tables.Select(static t => t.Name)]);
        }

        _declared = tables.Find(name);
        All = LakeTables.ColumnsOf(_declared);
        foreach (LakeColumn column in All)
        {
            _columns.Add(column.Name, column);
        }

        // What older declarations named stays readable.
        foreach (LakeSchema schema in _stored?.Schemas.Reverse() ?? [])
        {
            foreach (LakeColumn column in ColumnsOf(schema))
            {
                _columns.TryAdd(column.Name, column);
            }
        }
    }

    /// <summary>The declared columns and the envelope's, in the order of the files.</summary>
    public IReadOnlyList<LakeColumn> All { get; }

    /// <summary>A column by name.</summary>
    /// <exception cref="TandemException">LAK009: the table has no such column.</exception>
    public LakeColumn Column(string name) =>
        _columns.TryGetValue(name, out LakeColumn? column)
            ? column
            : throw LakeErrors.NoSuchColumn(_declared.Name, name, _columns.Values);

    /// <summary>The relation's SQL: columns under their own names.</summary>
    /// <param name="columns">Columns that are needed, each once.</param>
    /// <param name="filter">Which parts matter.</param>
    /// <param name="store">Where the files are.</param>
    /// <param name="cancellationToken">Stops waiting for files.</param>
    public string Relation(
        IReadOnlyCollection<LakeColumn> columns,
        PartFilter filter,
        IObjectStore store,
        CancellationToken cancellationToken)
    {
        List<string> relations = [];
        foreach (IGrouping<int, LakePart> group in Parts(filter).GroupBy(static part => part.Schema))
        {
            LakeSchema schema = _stored!.Schemas[group.Key];
            string list = string.Join(", ", columns.Select(c => $"{Expression(schema, c)} as {Sql.Name(c.Name)}"));
            string paths = Sql.Paths(LocalPaths(store, group, cancellationToken));
            relations.Add($"select {list} from read_parquet({paths}, hive_partitioning=false)");
        }

        if (relations.Count == 0)
        {
            string nothing = string.Join(", ", columns.Select(c => $"null::{Sql.Type(c.Type)} as {Sql.Name(c.Name)}"));
            relations.Add($"select {nothing} where false");
        }

        return $"({string.Join(" union all ", relations)})";
    }

    private static IEnumerable<LakeColumn> ColumnsOf(LakeSchema schema) =>
        schema.Entities.Select(static entity => new LakeColumn(entity, LakeType.Text)).Concat(schema.Columns);

    /// <summary>Paths of parts' files on this machine.</summary>
    public static string[] LocalPaths(
        IObjectStore store, IEnumerable<LakePart> parts, CancellationToken cancellationToken)
    {
        // The caller's thread is about to run the query anyway. A store on this machine answers at once; another one
        // fetches side by side what is not here yet, and checks it against the manifest's hash.
        Task<string>[] paths =
            [.. parts.Select(part => store.LocalPathAsync(part.Key, part.Hash, cancellationToken).AsTask())];
        return Task.WhenAll(paths).GetAwaiter().GetResult();
    }

    private IEnumerable<LakePart> Parts(PartFilter filter) =>
        _stored?.Parts.Where(part => filter.MayHold(part, _stored.Schemas[part.Schema])) ?? [];

    private string Expression(LakeSchema schema, LakeColumn column)
    {
        if (IsEnvelope(column))
        {
            return column.Name == LakeEnvelope.Position ? "position::bigint" : Sql.Name(column.Name);
        }

        LakeColumn? stored = ColumnsOf(schema).FirstOrDefault(
            other => string.Equals(other.Name, column.Name, StringComparison.OrdinalIgnoreCase));
        if (stored is null)
        {
            return FromExtra(column);
        }

        // Of a narrower column, extra keeps what did not fit.
        return stored.Type == column.Type
            ? Sql.Name(stored.Name)
            : $"coalesce(try_cast({Sql.Name(stored.Name)} as {Sql.Type(column.Type)}), {FromExtra(column)})";
    }

    /// <summary>The value of a column that was declared after the file was written.</summary>
    private string FromExtra(LakeColumn column)
    {
        bool isEntity = _declared.Entities.Contains(column.Name, StringComparer.OrdinalIgnoreCase);
        string pointer = isEntity ? Sql.JsonPointer("@entities", column.Name) : Sql.JsonPointer(column.Name);
        string text = $"json_extract_string(extra, {pointer})";
        string number = $"try_cast({text} as double)";
        return column.Type switch
        {
            LakeType.Text => text,
            LakeType.Whole => $"case when floor({number}) = {number} then try_cast({text} as bigint) end",
            LakeType.Time => $"(try_cast({text} as timestamptz) at time zone 'UTC')",
            LakeType.NumberList or LakeType.TextList =>
                $"try_cast(json_extract(extra, {pointer}) as {Sql.Type(column.Type)})",
            _ => $"try_cast({text} as {Sql.Type(column.Type)})",
        };
    }

    private static bool IsEnvelope(LakeColumn column) => LakeEnvelope.Columns.Contains(column);
}
