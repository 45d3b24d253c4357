using System.Text.Json;

namespace Tandem.Server.Routes;

/// <summary>A question for features over the wire, as Feast's feature server takes it.</summary>
internal sealed record OnlineQueryBody
{
    /// <summary>Names, as <c>view:feature</c>.</summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>By name of the entity, its ids, texts or whole numbers.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>? Entities { get; init; }

    /// <summary>True to call columns <c>view__feature</c>.</summary>
    public bool FullFeatureNames { get; init; }

    /// <summary>Must be false: views have no numbered versions here.</summary>
    public bool IncludeFeatureViewVersionMetadata { get; init; }
}
