namespace Tandem.Serving;

/// <summary>A question: which items for this person, now?</summary>
public sealed record RecommendRequest
{
    /// <summary>User id, or null for an anonymous visitor.</summary>
    public string? UserId { get; init; }

    /// <summary>Items an anonymous visitor chose, oldest first; for a known user they follow what is on
    /// record.</summary>
    public IReadOnlyList<string> History { get; init; } = [];

    /// <summary>How many items, 1 to 1000; null takes the slots of tandem.yaml.</summary>
    public int? Count { get; init; }

    /// <summary>True to leave out what the user already met; null takes the setting of tandem.yaml.</summary>
    public bool? ExcludeSeen { get; init; }

    /// <summary>Only items whose column has one of these values, by column of the item table.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filters { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>What the request says of itself, such as the place or the device: a JSON object of columns of the
    /// impression's source, already held to what they declare. Features read it as <c>request.column</c>, and it is logged
    /// with every impression. Empty for none.</summary>
    public ReadOnlyMemory<byte> Context { get; init; }

    /// <summary>False for the list as the model ranks it, with nothing left to chance.</summary>
    public bool Explore { get; init; } = true;

    /// <summary>True to say in the answer what each stage did and how long it took.</summary>
    public bool Trace { get; init; }
}
