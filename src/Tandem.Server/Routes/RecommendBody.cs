using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Serving;

namespace Tandem.Server.Routes;

/// <summary>A question over the wire.</summary>
internal sealed record RecommendBody
{
    /// <summary>User id, or absent for an anonymous visitor.</summary>
    public string? User { get; init; }

    /// <summary>Items an anonymous visitor chose, oldest first.</summary>
    public IReadOnlyList<string>? History { get; init; }

    /// <summary>How many items.</summary>
    public int? K { get; init; }

    /// <summary>True to leave out what the user already met.</summary>
    public bool? ExcludeSeen { get; init; }

    /// <summary>Only items whose column has one of these values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Filters { get; init; }

    /// <summary>What the request says of itself: columns of the impression's source.</summary>
    public JsonElement? Context { get; init; }

    /// <summary>True to tell what each stage did.</summary>
    public bool Trace { get; init; }

    /// <summary>True where a list has null in it, or a filter is null: the reader of JSON lets both through.</summary>
    [JsonIgnore]
    public bool HasNulls =>
        History?.Any(static item => item is null) == true
        || Filters?.Values.Any(static values => values?.All(static value => value is not null) != true) == true;

    public RecommendRequest ToRequest()
    {
        RecommendRequest request = new()
        {
            UserId = User,
            Count = K,
            ExcludeSeen = ExcludeSeen,
            History = History ?? [],
            Trace = Trace,
            Context = Context is { ValueKind: not JsonValueKind.Null } context
                ? JsonMarshal.GetRawUtf8Value(context).ToArray()
                : default,
        };
        return Filters is null ? request : request with { Filters = Filters };
    }
}
