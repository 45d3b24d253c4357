using System.Globalization;

namespace Tandem.Events;

/// <summary>The end of every line of the raw log: <c>,"~":"</c>, the CRC-32C of all bytes before it in eight
/// hexadecimal digits, <c>"}</c> and a line feed. The line stays one JSON object.</summary>
internal static class LineTail
{
    /// <summary>Length with the line feed, in bytes.</summary>
    public const int Size = 17;

    private const int DigitCount = 8;

    private static ReadOnlySpan<byte> Start => ",\"~\":\""u8;

    private static ReadOnlySpan<byte> End => "\"}\n"u8;

    /// <summary>Writes the tail over the last <see cref="Size"/> bytes of a line.</summary>
    public static void Write(Span<byte> line)
    {
        Span<byte> tail = line[^Size..];
        Start.CopyTo(tail);
        Crc32C.Of(line[..^Size])
            .TryFormat(tail.Slice(Start.Length, DigitCount), out _, "x8", CultureInfo.InvariantCulture);
        End.CopyTo(tail[^End.Length..]);
    }

    /// <summary>True where a whole line, line feed included, ends in a right checksum.</summary>
    public static bool IsValid(ReadOnlySpan<byte> line)
    {
        if (line.Length <= Size)
        {
            return false;
        }

        ReadOnlySpan<byte> tail = line[^Size..];
        Span<byte> expected = stackalloc byte[DigitCount];
        Crc32C.Of(line[..^Size]).TryFormat(expected, out _, "x8", CultureInfo.InvariantCulture);
        return tail.StartsWith(Start) && tail.EndsWith(End)
            && tail.Slice(Start.Length, DigitCount).SequenceEqual(expected);
    }

    /// <summary>Finds the whole line at the end of a line: a damaged line feed makes two lines look like one.</summary>
    /// <returns>Where it begins: 0 where the line is whole itself, -1 where nothing is.</returns>
    public static int FindIntact(ReadOnlySpan<byte> line)
    {
        if (IsValid(line))
        {
            return 0;
        }

        int at = 0;
        while (line[(at + 1)..].IndexOf("{\""u8) is >= 0 and int next)
        {
            at += 1 + next;
            if (LineStarts(line[at..]) && IsValid(line[at..]))
            {
                return at;
            }
        }

        return -1;
    }

    // Only these begin lines: looking no further keeps the search linear.
    private static bool LineStarts(ReadOnlySpan<byte> rest) => rest.StartsWith("{\"id\":\""u8) || JournalGap.IsGap(rest);
}
