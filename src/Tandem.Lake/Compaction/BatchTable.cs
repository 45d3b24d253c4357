namespace Tandem.Lake.Compaction;

/// <summary>One type's events of the batch, in a table of the compaction's own database.</summary>
/// <param name="Declared">What the table declares.</param>
/// <param name="SqlName">The table's name in the database.</param>
internal sealed record BatchTable(LakeTable Declared, string SqlName)
{
    /// <summary>All columns: envelope, entities, declared columns, extra.</summary>
    public IReadOnlyList<LakeColumn> Columns { get; } = LakeTables.ColumnsOf(Declared);

    /// <summary>The statement that makes the table.</summary>
    public string CreateStatement =>
        $"create table {SqlName} ({string.Join(", ", Columns.Select(c => $"{Sql.Name(c.Name)} {Sql.Type(c.Type)}"))})";
}
