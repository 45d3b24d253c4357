namespace Tandem.Events;

/// <summary>The checksum of lines of the raw log, for those who read segments as files.</summary>
public static class JournalLine
{
    /// <summary>True where a line is as it was written: it ends in the checksum of what stands before.</summary>
    /// <param name="line">The line with its line feed.</param>
    public static bool IsIntact(ReadOnlySpan<byte> line) => LineTail.IsValid(line);
}
