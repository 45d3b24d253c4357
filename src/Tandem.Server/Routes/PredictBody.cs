using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Serving;

namespace Tandem.Server.Routes;

/// <summary>A question for probabilities over the wire.</summary>
internal sealed record PredictBody
{
    /// <summary>User id, or absent for an anonymous visitor.</summary>
    public string? User { get; init; }

    /// <summary>Items to predict for, 1 to 1000.</summary>
    public required IReadOnlyList<string> Items { get; init; }

    /// <summary>What the request says of itself: columns of the impression's source.</summary>
    public JsonElement? Context { get; init; }

    /// <summary>True where the items are shown now, in this order.</summary>
    public bool Shown { get; init; }

    /// <summary>True to say what each feature adds, of 1 to 100 items.</summary>
    public bool Explain { get; init; }

    /// <summary>True where the list is null or has null in it: the reader of JSON lets both through.</summary>
    [JsonIgnore]
    public bool HasNulls => Items is null || Items.Any(static item => item is null);

    public PredictRequest ToRequest() => new()
    {
        UserId = User,
        Items = Items,
        IsShown = Shown,
        IsExplained = Explain,
        Context = Context is { ValueKind: not JsonValueKind.Null } context
            ? JsonMarshal.GetRawUtf8Value(context).ToArray()
            : default,
    };
}
