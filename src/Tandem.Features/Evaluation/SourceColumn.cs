using System.Text;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>A column of a source that features read: a declared column, an entity of the row, one that is computed from
/// others, or the moment that the event happened.</summary>
internal sealed class SourceColumn
{
    private SourceColumn(string name, ColumnType type, bool isEntity = false, Expression? expression = null)
    {
        Name = name;
        Expression = expression;
        Utf8 = Encoding.UTF8.GetBytes(name);
        Type = type;
        IsEntity = isEntity;
    }

    public string Name { get; }

    public byte[] Utf8 { get; }

    /// <summary>What it is computed by; null where rows have it.</summary>
    public Expression? Expression { get; }

    /// <summary>Tells it from the other columns of its source: its name, or what it is computed by.</summary>
    public string Key => Parts is [var first, var second] ? $"({first.Key}, {second.Key})"
        : Attribute is { } attribute ? $"{attribute.Name} of {attribute.Table}"
        : Expression is null ? Name : $"= {Expression}";

    /// <summary>The two columns that it joins to the id of a pair; otherwise none.</summary>
    public IReadOnlyList<SourceColumn> Parts { get; private init; } = [];

    /// <summary>What it looks up in a table; otherwise null.</summary>
    public TableColumn? Attribute { get; private init; }

    /// <summary>True for the moment that the event happened, which every row of a source with times has.</summary>
    public bool IsEventTime { get; private init; }

    /// <summary>True where the lake has a column of its name, and events a value.</summary>
    public bool IsStored => Expression is null && !IsEventTime && Parts.Count == 0 && Attribute is null;

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
                ? new SourceColumn(name, column.Type)
                : null;

    /// <summary>Finds what an expression over a source may name.</summary>
    public static SourceColumn? FindInput(SourceSpec source, string name) =>
        Find(source, name) ?? (name == ExpressionScope.EventTime && source.HasTimes
            ? new SourceColumn(name, ColumnType.Time) { IsEventTime = true }
            : null);

    /// <summary>Makes the column that holds the ids of pairs.</summary>
    public static SourceColumn Pair(SourceColumn first, SourceColumn second) =>
        new($"{first.Name},{second.Name}", ColumnType.Text) { Parts = [first, second] };

    /// <summary>Makes a column that holds what a table says of an entity of the row.</summary>
    public static SourceColumn OfTable(TableColumn attribute) =>
        new(attribute.Name, ColumnType.Text) { Attribute = attribute };

    /// <summary>Makes a column that is computed from others of its row.</summary>
    public static SourceColumn Computed(string name, Expression expression, ExpressionType type) =>
        new(name, ExpressionScope.ColumnOf(type), isEntity: false, expression);
}
