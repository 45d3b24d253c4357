namespace Tandem.Events;

/// <summary>A reader outside the process that writes the log, such as an export: what it has not read yet is not
/// removed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Position">Where it reads on.</param>
/// <param name="Moved">When it said so.</param>
public sealed record NamedReader(string Name, JournalPosition Position, DateTimeOffset Moved);
