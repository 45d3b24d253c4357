using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tandem.Events;

/// <summary>The first line of every segment: says the format, its version, and where in the log the segment
/// begins.</summary>
internal static class SegmentHeader
{
    public const string Format = "tandem.journal";
    public const int Version = 1;

    /// <summary>Length of the line with its line feed, in bytes; the same for every segment of this version.</summary>
    public static int Size { get; } = Write(0).Length;

    /// <summary>The line for a segment that begins at a position.</summary>
    public static byte[] Write(long start)
    {
        string digits = start.ToString("D20", CultureInfo.InvariantCulture);
        string text = $$"""{"format":"{{Format}}","version":{{Version}},"base":"{{digits}}" """.TrimEnd();
        byte[] line = new byte[Encoding.ASCII.GetByteCount(text) + LineTail.Size];
        Encoding.ASCII.GetBytes(text, line);
        LineTail.Write(line);
        return line;
    }

    /// <summary>True where bytes of the log begin a segment.</summary>
    public static bool Begins(ReadOnlySpan<byte> bytes) => bytes.StartsWith("{\"format\":\""u8);

    /// <summary>Throws unless a segment's first line is the header of this version for its position.</summary>
    /// <param name="path">The segment, for messages.</param>
    /// <param name="start">Where in the log it begins.</param>
    /// <param name="line">Its first line, or its first bytes where it has no line end.</param>
    /// <exception cref="Tandem.Faults.TandemException">EVT004: damaged; EVT005: another format or version.</exception>
    public static void Demand(string path, long start, ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual(Write(start)))
        {
            return;
        }

        DemandKnownFormat(path, line);
        throw EventErrors.SegmentDamaged(
            path, 0, "its header is not readable or belongs to another place in the log");
    }

    /// <summary>Throws where a segment's first line is the header of another format or version.</summary>
    /// <exception cref="Tandem.Faults.TandemException">EVT005: another format or version.</exception>
    public static void DemandKnownFormat(string path, ReadOnlySpan<byte> line)
    {
        if (LineTail.IsValid(line) && Describe(line) is { } found)
        {
            throw EventErrors.FormatUnknown(path, found);
        }
    }

    // The format and version of a header that is whole but not ours; null where it is ours or not a header.
    private static string? Describe(ReadOnlySpan<byte> line)
    {
        try
        {
            Utf8JsonReader reader = new(line);
            using var header = JsonDocument.ParseValue(ref reader);
            string format = header.RootElement.GetProperty("format").GetString()!;
            int version = header.RootElement.GetProperty("version").GetInt32();
            return format == Format && version == Version ? null : $"{format} version {version}";
        }
        catch (Exception e) when (
            e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
