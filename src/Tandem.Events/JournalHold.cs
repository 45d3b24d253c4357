namespace Tandem.Events;

/// <summary>Something that still needs the log from a position on.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Position">Everything from here on stays.</param>
/// <param name="Name">The reader's name; null but for a named one.</param>
public sealed record JournalHold(JournalHoldKind Kind, JournalPosition Position, string? Name = null);
