namespace Tandem.Events;

/// <summary>A run of events read from the raw log.</summary>
/// <param name="Start">Position of the first.</param>
/// <param name="End">Position behind the last: where to read on.</param>
/// <param name="Events">The events, in order; none where all of them were taken out of the log.</param>
public sealed record JournalBatch(JournalPosition Start, JournalPosition End, IReadOnlyList<EventRecord> Events);
