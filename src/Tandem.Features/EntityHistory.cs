namespace Tandem.Features;

/// <summary>Why the features of one entity are what they are as of a moment.</summary>
/// <param name="View">Name of the view.</param>
/// <param name="Id">Id of the entity.</param>
/// <param name="AsOf">The moment: only what had happened and was known then counts.</param>
/// <param name="Values">Each feature of the view, in its order.</param>
/// <param name="Events">The newest events about the entity, newest first.</param>
/// <param name="EventCount">How many there are in all.</param>
public sealed record EntityHistory(
    string View, string Id, DateTimeOffset AsOf, IReadOnlyList<ExplainedValue> Values, IReadOnlyList<SeenEvent> Events,
    long EventCount);

/// <summary>The value of one feature, and what it was computed from.</summary>
/// <param name="Feature">Name of the feature.</param>
/// <param name="Value">Its value.</param>
/// <param name="WindowStart">Earliest event time that counts, inclusive; null for all time.</param>
/// <param name="Seen">How many events it was computed from.</param>
public sealed record ExplainedValue(string Feature, FeatureValue Value, DateTimeOffset? WindowStart, long Seen);

/// <summary>One event behind the values.</summary>
/// <param name="EventTime">When it happened; null in sources without times.</param>
/// <param name="KnownTime">When it became known.</param>
/// <param name="Cells">The columns that features read, those that are not null.</param>
/// <param name="CountsIn">Names of the features that see it.</param>
public sealed record SeenEvent(
    DateTimeOffset? EventTime, DateTimeOffset KnownTime, IReadOnlyDictionary<string, string> Cells,
    IReadOnlyList<string> CountsIn);
