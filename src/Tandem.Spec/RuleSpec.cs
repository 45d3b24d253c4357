namespace Tandem.Spec;

/// <summary>A business rule over the answer.</summary>
public sealed record RuleSpec
{
    /// <summary><c>exclude</c> or <c>max_per</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>For <c>exclude</c>: which items.</summary>
    public ConditionSpec? When { get; init; }

    /// <summary>For <c>max_per</c>: column of the item table.</summary>
    public string? Column { get; init; }

    /// <summary>For <c>max_per</c>: how many items of one value.</summary>
    public int Limit { get; init; } = 3;
}
