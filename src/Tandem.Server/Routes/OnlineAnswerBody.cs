using System.Text.Json.Nodes;

namespace Tandem.Server.Routes;

/// <summary>Features over the wire: columns, the entities' first.</summary>
/// <param name="Metadata">What the columns are called.</param>
/// <param name="Results">The columns, in the order of their names.</param>
internal sealed record OnlineAnswerBody(OnlineMetadataBody Metadata, IReadOnlyList<OnlineColumnBody> Results);

/// <summary>What the columns of an answer are called.</summary>
/// <param name="FeatureNames">Names of the columns.</param>
internal sealed record OnlineMetadataBody(IReadOnlyList<string> FeatureNames);

/// <summary>A column of an answer; each list has one entry a row.</summary>
/// <param name="Values">The values.</param>
/// <param name="Statuses"><c>PRESENT</c>, <c>NULL_VALUE</c>, <c>NOT_FOUND</c> or <c>OUTSIDE_MAX_AGE</c>.</param>
/// <param name="EventTimestamps">When the newest event behind the value happened; 1970 where there is none.</param>
internal sealed record OnlineColumnBody(
    IReadOnlyList<JsonNode?> Values, IReadOnlyList<string> Statuses, IReadOnlyList<string> EventTimestamps);
