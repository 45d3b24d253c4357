namespace Tandem.Lake;

/// <summary>The declared tables by name, and what holds for every one of them.</summary>
internal sealed class LakeTables
{
    private const int MaximumNameLength = 64;

    private readonly Dictionary<string, LakeTable> _tables = new(StringComparer.Ordinal);

    /// <summary>Takes the declarations.</summary>
    /// <exception cref="Faults.TandemException">LAK003: a name cannot be used, or stands twice; all of them at
    /// once.</exception>
    public LakeTables(IReadOnlyList<LakeTable> tables)
    {
        List<Faults.Fault> faults = [];
        foreach (LakeTable table in tables)
        {
            Check(table, faults);
            if (!_tables.TryAdd(table.Name, table))
            {
                faults.Add(LakeErrors.BadName(table.Name, "the table is declared twice"));
            }
        }

        if (faults.Count > 0)
        {
            throw new Faults.TandemException(faults);
        }
    }

    /// <summary>A table by name; a type that nobody declared has the envelope and keeps its data in extra.</summary>
    public LakeTable Find(string name) =>
        _tables.TryGetValue(name, out LakeTable? table) ? table : new LakeTable { Name = name };

    /// <summary>True where the table was declared.</summary>
    public bool IsDeclared(string name) => _tables.ContainsKey(name);

    /// <summary>The names of all declared tables.</summary>
    public IEnumerable<string> Names => _tables.Keys;

    /// <summary>All columns of a table in the order of its files: envelope, entities, declared columns,
    /// extra.</summary>
    public static IReadOnlyList<LakeColumn> ColumnsOf(LakeTable table)
    {
        IReadOnlyList<LakeColumn> envelope = LakeEnvelope.Columns;
        return
        [
            .. envelope.Take(envelope.Count - 1),
            .. table.Entities.Select(TextColumn),
            .. table.Columns,
            envelope[^1],
        ];
    }

    /// <summary>Refuses declarations that the stored rows do not fit. What fits: what was declared before, more
    /// columns and entities, fewer columns, and a whole column that becomes a number.</summary>
    /// <exception cref="Faults.TandemException">LAK014: a column changed its type; LAK015: an entity is gone; all of
    /// them at once.</exception>
    public void CheckStored(LakeManifest manifest)
    {
        List<Faults.Fault> faults = [];
        foreach (LakeManifestTable stored in manifest.Tables)
        {
            if (!_tables.TryGetValue(stored.Name, out LakeTable? declared))
            {
                continue;
            }

            faults.AddRange(stored.Schemas.SelectMany(static schema => schema.Columns)
                .Concat(stored.Schemas.SelectMany(static schema => schema.Entities).Select(TextColumn))
                .Distinct()
                .Select(column => (Stored: column, Declared: FindColumn(declared, column.Name)))
                .Where(static pair => pair.Declared is { } now && !CanHold(now.Type, pair.Stored.Type))
                .Select(pair => LakeErrors.TypeChanged(declared.Name, pair.Stored, pair.Declared!.Type)));
            faults.AddRange(stored.Schemas.SelectMany(static schema => schema.Entities)
                .Distinct(StringComparer.Ordinal)
                .Except(declared.Entities, StringComparer.OrdinalIgnoreCase)
                .Select(entity => LakeErrors.EntityRemoved(declared.Name, entity, declared.Entities)));
        }

        if (faults.Count > 0)
        {
            throw new Faults.TandemException(faults);
        }
    }

    /// <summary>True for a name that can be a folder on every system and in every store.</summary>
    public static bool IsFolderName(string name)
    {
        if (name.Length is 0 or > MaximumNameLength || !(char.IsAsciiLetterOrDigit(name[0]) || name[0] == '_'))
        {
            return false;
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    private static LakeColumn TextColumn(string entity) => new(entity, LakeType.Text);

    /// <summary>True where a column of one type takes the values of another.</summary>
    public static bool CanHold(LakeType now, LakeType stored) =>
        now == stored || (now == LakeType.Number && stored == LakeType.Whole);

    private static LakeColumn? FindColumn(LakeTable table, string name) =>
        table.Entities.Select(TextColumn).Concat(table.Columns).FirstOrDefault(
            column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase));

    private static void Check(LakeTable table, List<Faults.Fault> faults)
    {
        if (!IsFolderName(table.Name))
        {
            faults.Add(LakeErrors.BadName(
                table.Name, "a table's name has 1 to 64 letters, digits, '_' and '-', and begins with no '-'"));
        }

        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (LakeColumn column in ColumnsOf(table))
        {
            if (column.Name.Length == 0 || column.Name.Contains('\0', StringComparison.Ordinal))
            {
                faults.Add(LakeErrors.BadName($"{table.Name}.{column.Name}", "a column's name is not empty"));
            }
            else if (!seen.Add(column.Name))
            {
                faults.Add(LakeErrors.BadName(
                    $"{table.Name}.{column.Name}",
                    "the name stands twice among the table's entities, columns and the envelope, case aside"));
            }
        }
    }
}
