namespace Tandem.Spec;

/// <summary>A source of data: a type of event, or a table about an entity.</summary>
public sealed record SourceSpec
{
    /// <summary>Column that every table has: true in the row that says that its entity is gone.</summary>
    public const string DeletedColumn = "deleted";

    /// <summary>Events or table.</summary>
    public SourceKind Kind { get; init; } = SourceKind.Events;

    /// <summary>Entities that each row names, in order; a table names one. None where a row is an example that only its own
    /// columns describe.</summary>
    public IReadOnlyList<string> Entities { get; init; } = [];

    /// <summary>False in data without times: position is then the only order, and windows are refused.</summary>
    public bool HasTimes { get; init; } = true;

    /// <summary>Columns beside the entities and times, by name.</summary>
    public IReadOnlyDictionary<string, ColumnSpec> Columns { get; init; } =
        new Dictionary<string, ColumnSpec>(StringComparer.Ordinal);

    /// <summary>Columns that no model may read, with the reason, such as <c>known only after the outcome</c>.</summary>
    public IReadOnlyDictionary<string, string> Dropped { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What becomes of columns that are sent but not declared.</summary>
    public UnknownColumns UnknownColumns { get; init; } = UnknownColumns.Keep;

    /// <summary>How far an event's time may lie ahead of this machine's clock, ≥ 0; default 5 minutes.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How files become rows, or null where rows arrive as events.</summary>
    public ImportSpec? Import { get; init; }

    /// <summary>One sentence.</summary>
    public string Description { get; init; } = "";
}
