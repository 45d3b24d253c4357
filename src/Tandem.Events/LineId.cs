namespace Tandem.Events;

/// <summary>Where a line of the log has its event's id: always first.</summary>
internal static class LineId
{
    /// <summary>Where its first byte is, behind <c>{"id":"</c>.</summary>
    public const int Start = 7;

    /// <summary>The id's bytes as they stand in a whole line, escapes included.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = line[Start..];
        int length = 0;
        while (true)
        {
            length += rest[length..].IndexOfAny((byte)'"', (byte)'\\');
            if (rest[length] == '"')
            {
                return rest[..length];
            }

            length += 2;
        }
    }
}
