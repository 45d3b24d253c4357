using System.Text.Json.Nodes;
using Tandem.Features;

namespace Tandem.Server.Routes;

/// <summary>Values of features as bare JSON.</summary>
internal static class FeatureJson
{
    /// <summary>A number, a text, a list, an object of counts, a list of steps with ages, or null.</summary>
    public static JsonNode? Of(FeatureValue value) => value.Kind switch
    {
        FeatureKind.Number => JsonValue.Create(value.Number),
        FeatureKind.Text => JsonValue.Create(value.Text),
        FeatureKind.Ids => new JsonArray([.. value.Ids.Select(static id => JsonValue.Create(id))]),
        FeatureKind.Numbers => new JsonArray([.. value.Numbers.Select(static number => JsonValue.Create(number))]),
        FeatureKind.Counts => new JsonObject(value.Ids.Zip(
            value.Numbers, static (id, count) => KeyValuePair.Create(id, (JsonNode?)JsonValue.Create(count)))),
        FeatureKind.Sequence => new JsonArray([.. value.Ids.Select((_, at) => Step(value, at))]),
        _ => null,
    };

    private static JsonObject Step(FeatureValue value, int at)
    {
        JsonObject step = new() { ["value"] = value.Ids[at], ["age"] = value.Ages[at] };
        if (value.Numbers.Count > 0)
        {
            step["weight"] = double.IsNaN(value.Numbers[at]) ? null : value.Numbers[at];
        }

        return step;
    }
}
