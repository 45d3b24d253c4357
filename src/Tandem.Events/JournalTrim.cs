namespace Tandem.Events;

/// <summary>What a trim removed from the old end of the log, and what held it back.</summary>
/// <param name="Begin">First position that is still kept; of a dry run, that would be.</param>
/// <param name="Removed">Segments that went, or would go, oldest first.</param>
/// <param name="Held">Segments that the retention gives up and that stay all the same, oldest first.</param>
/// <param name="Hold">What keeps the first of <paramref name="Held"/>; null where none is held.</param>
public sealed record JournalTrim(
    JournalPosition Begin, IReadOnlyList<JournalSegment> Removed, IReadOnlyList<JournalSegment> Held, JournalHold? Hold)
{
    /// <summary>Bytes of <see cref="Removed"/>.</summary>
    public long RemovedBytes => BytesOf(Removed);

    /// <summary>Bytes of <see cref="Held"/>.</summary>
    public long HeldBytes => BytesOf(Held);

    private static long BytesOf(IReadOnlyList<JournalSegment> segments) =>
        segments.Sum(static segment => segment.End.Offset - segment.Start.Offset + SegmentHeader.Size);
}
