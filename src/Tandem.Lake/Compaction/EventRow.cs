namespace Tandem.Lake.Compaction;

/// <summary>One event of a batch: where its line lies, and what its place in the lake hangs on.</summary>
internal struct EventRow
{
    /// <summary>Of <see cref="Time"/>: the event has none.</summary>
    public const long NoTime = long.MinValue;

    /// <summary>Of <see cref="Table"/>: the event is in the lake already.</summary>
    public const int Dropped = -1;

    /// <summary>The line's place in its block.</summary>
    public required Span32 Line { get; init; }

    /// <summary>The id's place in its block, without escapes.</summary>
    public required Span32 Id { get; init; }

    /// <summary>The first entity's place in its block, without escapes; none where the event has none.</summary>
    public required Span32 Entity { get; init; }

    /// <summary>Fingerprint of the id.</summary>
    public required ulong IdPrint { get; init; }

    /// <summary>Fingerprint of the first entity, 0 where the event has none.</summary>
    public required ulong EntityPrint { get; init; }

    /// <summary>Event time in microseconds.</summary>
    public required long Time { get; init; }

    /// <summary>Its table among those of the batch.</summary>
    public required int Table { get; set; }
}
