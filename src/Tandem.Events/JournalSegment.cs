namespace Tandem.Events;

/// <summary>A closed piece of the raw log.</summary>
/// <param name="Start">Position of its first event.</param>
/// <param name="End">Position behind its last event.</param>
/// <param name="Path">Local file of JSON lines, headed by one line that names format and version.</param>
public sealed record JournalSegment(JournalPosition Start, JournalPosition End, string Path);
