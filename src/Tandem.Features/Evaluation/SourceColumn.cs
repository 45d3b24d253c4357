using System.Text;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>A column of a source that features read: a declared column, or an entity of the row.</summary>
internal sealed class SourceColumn
{
    private SourceColumn(string name, ColumnType type, bool isEntity)
    {
        Name = name;
        Utf8 = Encoding.UTF8.GetBytes(name);
        Type = type;
        IsEntity = isEntity;
    }

    public string Name { get; }

    public byte[] Utf8 { get; }

    public ColumnType Type { get; }

    public bool IsEntity { get; }

    public bool IsText => Type == ColumnType.Text;

    public bool IsList => Type is ColumnType.NumberList or ColumnType.TextList;

    /// <summary>True where values can be added up.</summary>
    public bool IsNumber => Type is ColumnType.Whole or ColumnType.Number or ColumnType.Flag;

    /// <summary>Finds a column or entity by name, or returns null.</summary>
    public static SourceColumn? Find(SourceSpec source, string name) =>
        source.Entities.Contains(name, StringComparer.Ordinal)
            ? new SourceColumn(name, ColumnType.Text, isEntity: true)
            : source.Columns.TryGetValue(name, out ColumnSpec? column)
                ? new SourceColumn(name, column.Type, isEntity: false)
                : null;
}
