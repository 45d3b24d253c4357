using System.Text.Json;

namespace Tandem.Workspace;

/// <summary>A question for features of many entities as they are now.</summary>
/// <param name="Features">Names, as <c>view:feature</c>.</param>
/// <param name="Ids">By name of the entity, its ids: those of a row stand at the same place.</param>
/// <param name="FullNames">True to call columns <c>view__feature</c>, false for <c>feature</c>.</param>
public sealed record OnlineQuery(
    IReadOnlyList<string> Features, IReadOnlyDictionary<string, IReadOnlyList<string>> Ids, bool FullNames)
{
    /// <summary>By name of a column of the impression, what the request of each row says, for features that are computed
    /// from it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Request { get; init; } =
        new Dictionary<string, IReadOnlyList<JsonElement>>(StringComparer.Ordinal);
}
