using System.Text.Json.Nodes;
using Tandem.Features;

namespace Tandem.Server.Routes;

/// <summary>The features of one entity as of a moment, over the wire.</summary>
/// <param name="View">Name of the view.</param>
/// <param name="Id">Id of the entity.</param>
/// <param name="AsOf">The moment.</param>
/// <param name="Values">Each feature, in the view's order.</param>
/// <param name="Events">The newest events, newest first.</param>
/// <param name="EventCount">How many there are in all.</param>
internal sealed record EntityHistoryBody(
    string View, string Id, DateTimeOffset AsOf, IReadOnlyList<ExplainedValueBody> Values,
    IReadOnlyList<SeenEvent> Events, long EventCount)
{
    public static EntityHistoryBody From(EntityHistory history) => new(
        history.View, history.Id, history.AsOf,
        [.. history.Values.Select(static value => new ExplainedValueBody(
            value.Feature, FeatureJson.Of(value.Value), value.WindowStart, value.Seen))],
        history.Events, history.EventCount);
}

/// <summary>One feature and its value, over the wire.</summary>
/// <param name="Feature">Name of the feature.</param>
/// <param name="Value">Its value; absent where it is null.</param>
/// <param name="WindowStart">Earliest event time that counts; absent for all time.</param>
/// <param name="Seen">How many events it was computed from.</param>
internal sealed record ExplainedValueBody(string Feature, JsonNode? Value, DateTimeOffset? WindowStart, long Seen);
