namespace Tandem.Events;

/// <summary>What an erasure did to one segment of the raw log.</summary>
/// <param name="Segment">Name of the file.</param>
/// <param name="Lines">Lines that named the person.</param>
public sealed record ErasedLines(string Segment, long Lines);
