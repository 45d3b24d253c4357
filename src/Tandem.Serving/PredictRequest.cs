namespace Tandem.Serving;

/// <summary>A question: how likely is a positive for this person and each of these items, now?</summary>
public sealed record PredictRequest
{
    /// <summary>User id, or null for an anonymous visitor.</summary>
    public string? UserId { get; init; }

    /// <summary>Item ids, 1 to 1000.</summary>
    public required IReadOnlyList<string> Items { get; init; }

    /// <summary>What the request says of itself: as in <see cref="RecommendRequest.Context"/>.</summary>
    public ReadOnlyMemory<byte> Context { get; init; }

    /// <summary>True where the items are shown now, in this order: each is then logged as an impression, which training
    /// takes for a negative unless a positive follows. False to ask only.</summary>
    public bool IsShown { get; init; }

    /// <summary>True to say what each feature adds to a probability: 1 to <see cref="MostExplained"/> items then.</summary>
    public bool IsExplained { get; init; }

    /// <summary>Items that one question may have explained.</summary>
    public const int MostExplained = 100;
}
