using System.Text.Json;

namespace Tandem.Server.Routes;

/// <summary>Rows of a source over the wire, as Feast's feature server takes them.</summary>
internal sealed record PushBody
{
    /// <summary>Name of the source.</summary>
    public string? PushSourceName { get; init; }

    /// <summary>By name of a column, its values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>? Df { get; init; }

    /// <summary><c>online</c>, <c>offline</c> or <c>online_and_offline</c>, which are one here; absent for the
    /// first.</summary>
    public string? To { get; init; }

    /// <summary>Means nothing here.</summary>
    public bool AllowRegistryCache { get; init; }

    /// <summary>Means nothing here.</summary>
    public bool TransformOnWrite { get; init; }
}
