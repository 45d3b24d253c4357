namespace Tandem.Spec;

/// <summary>The names that an expression may use.</summary>
/// <param name="Find">Gives the type of a name, or null where there is none.</param>
/// <param name="Names">All names, for the nearest of them.</param>
public sealed record ExpressionScope(Func<string, ExpressionType?> Find, IReadOnlyList<string> Names)
{
    /// <summary>Name of the moment that an event happened, in expressions over columns.</summary>
    public const string EventTime = "event_time";

    /// <summary>Name of the moment asked for, in expressions over features.</summary>
    public const string Now = "now";

    /// <summary>What comes before the name of a value of the request, in expressions over features.</summary>
    public const string Request = "request.";

    /// <summary>The entities and columns of a source, lists excepted, and <c>event_time</c> where it has times.</summary>
    /// <param name="source">The source.</param>
    public static ExpressionScope Of(SourceSpec source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ExpressionScope(
            name => source.Entities.Contains(name, StringComparer.Ordinal) ? ExpressionType.Text
                : source.Columns.TryGetValue(name, out ColumnSpec? column) ? TypeOf(column.Type)
                : name == EventTime && source.HasTimes ? ExpressionType.Time
                : null,
            [
                .. source.Columns.Where(static column => TypeOf(column.Value.Type) is not null)
                    .Select(static column => column.Key),
                .. source.Entities, .. source.HasTimes ? [EventTime] : (string[])[],
            ]);
    }

    /// <summary>The type of a column's values, or null for lists.</summary>
    /// <param name="type">Type of the column.</param>
    public static ExpressionType? TypeOf(ColumnType type) => type switch
    {
        ColumnType.Text => ExpressionType.Text,
        ColumnType.Whole or ColumnType.Number => ExpressionType.Number,
        ColumnType.Flag => ExpressionType.Flag,
        ColumnType.Time => ExpressionType.Time,
        _ => null,
    };

    /// <summary>The column that holds an expression's values.</summary>
    /// <param name="type">Type of the values.</param>
    public static ColumnType ColumnOf(ExpressionType type) => type switch
    {
        ExpressionType.Text => ColumnType.Text,
        ExpressionType.Flag => ColumnType.Flag,
        ExpressionType.Time => ColumnType.Time,
        _ => ColumnType.Number,
    };
}
