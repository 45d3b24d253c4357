using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>A text column of the table about an entity, written <c>item.category</c>.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Table">The table about it.</param>
/// <param name="Source">The table's declaration.</param>
/// <param name="Column">The column.</param>
internal sealed record TableColumn(string Entity, string Table, SourceSpec Source, string Column)
{
    /// <summary>The name as tandem.yaml writes it.</summary>
    public string Name => $"{Entity}.{Column}";

    /// <summary>Finds what a name with a dot means to a source, or gives null.</summary>
    /// <param name="system">The system.</param>
    /// <param name="source">The source whose events name the entity.</param>
    /// <param name="name">The name.</param>
    /// <param name="why">Why there is no such column; otherwise null.</param>
    public static TableColumn? Find(SystemSpec system, (string Name, SourceSpec Spec) source, string name, out string? why)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        string entity = name[..dot];
        string column = name[(dot + 1)..];
        string? table = system.TableOf(entity);
        why = source.Spec.Kind == SourceKind.Table ? "rows of a table look nothing up"
            : !source.Spec.Entities.Contains(entity, StringComparer.Ordinal)
                ? $"source '{source.Name}' does not name '{entity}'"
            : table is null ? $"no table describes '{entity}'"
            : system.Sources[table].Columns.GetValueOrDefault(column) is { Type: ColumnType.Text } ? null
            : $"table '{table}' has no text '{column}'";
        return why is null ? new TableColumn(entity, table!, system.Sources[table!], column) : null;
    }
}
