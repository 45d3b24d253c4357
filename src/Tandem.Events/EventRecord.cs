namespace Tandem.Events;

/// <summary>A fact: something happened, to whom, when, and when we learned of it. The envelope of every line of the raw
/// log; <c>docs/formats/event.md</c> gives its bytes.</summary>
public sealed record EventRecord
{
    /// <summary>Identity: UUID v7, or the client's own idempotency key, 1 to 128 characters. Appending the same id
    /// twice is one event.</summary>
    public required string Id { get; init; }

    /// <summary>Type of the event: the name of its source in tandem.yaml, such as <c>play</c> or
    /// <c>impression</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Entities the event is about, in the order of its source's declaration.</summary>
    public IReadOnlyList<EntityKey> Entities { get; init; } = [];

    /// <summary>When it happened, UTC, microseconds; null in data without times, where order is all there is.</summary>
    public DateTimeOffset? EventTime { get; init; }

    /// <summary>When it became known, UTC, microseconds. Left at its default, the journal stamps the moment of the
    /// append.</summary>
    public DateTimeOffset KnownTime { get; init; }

    /// <summary>The request that this event belongs to, or null: joins an action to the impression it
    /// answers.</summary>
    public string? RequestId { get; init; }

    /// <summary>Shown position in a list, from 1, or null.</summary>
    public int? Position { get; init; }

    /// <summary>Probability with which the serving policy showed this item at this position, in (0, 1], or
    /// null.</summary>
    public float? Propensity { get; init; }

    /// <summary>Version of the model that made the decision, or null.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>Tenant, <c>"default"</c> unless several share a store.</summary>
    public string Tenant { get; init; } = "default";

    /// <summary>Feature values that the decision used: a JSON object in UTF-8, or empty.</summary>
    public ReadOnlyMemory<byte> Features { get; init; }

    /// <summary>Columns of the source: a JSON object in UTF-8, or empty.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }
}
