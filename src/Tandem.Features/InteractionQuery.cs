using Tandem.Spec;

namespace Tandem.Features;

/// <summary>Which rows of the lake count as interactions of users with items.</summary>
public sealed record InteractionQuery
{
    /// <summary>Source whose rows are interactions.</summary>
    public required string Source { get; init; }

    /// <summary>A row counts where any of these holds; none: every row.</summary>
    public IReadOnlyList<ConditionSpec> AnyOf { get; init; } = [];

    /// <summary>Entity in the role of the user, default <c>user</c>.</summary>
    public string UserEntity { get; init; } = "user";

    /// <summary>Entity in the role of the item, default <c>item</c>.</summary>
    public string ItemEntity { get; init; } = "item";

    /// <summary>Earliest event time, inclusive, or null. Sources without times take no window.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End of event time, exclusive, or null. Sources without times take no window.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Latest known time, inclusive, or null for all that the snapshot holds.</summary>
    public DateTimeOffset? KnownUntil { get; init; }

    /// <summary>The moment that ages are measured from; null is <see cref="To"/>, or the newest event.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Value of the text column <c>part</c>, such as <c>train</c>, or null for all rows.</summary>
    public string? Part { get; init; }

    /// <summary>The rows that a label rule calls positive.</summary>
    /// <param name="label">The rule.</param>
    public static InteractionQuery Of(LabelSpec label) => new() { Source = label.Event, AnyOf = label.AnyOf };
}
