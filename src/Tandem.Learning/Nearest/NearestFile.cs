using System.Buffers;
using System.Text.Json;
using Tandem.Faults;
using Tandem.Learning.Files;
using Tandem.Numerics;

namespace Tandem.Learning.Nearest;

/// <summary>The format of an index: magic, version, a JSON header that names settings and sections, then the sections at
/// multiples of 64 bytes, each with a checksum. Made to be mapped: nothing is copied. Agrees with
/// <c>docs/formats/nearest.md</c>.</summary>
internal static class NearestFile
{
    private static readonly FileFormat Format = new("TANDEMNN", version: 1)
    {
        Other = LearningErrors.NotAnIndex,
        Newer = LearningErrors.NewerIndex,
        Damaged = LearningErrors.DamagedIndex,
    };

    public static void Write(
        Stream target, IReadOnlyList<KeyValuePair<string, double>> settings, IReadOnlyList<NearestSection> sections)
    {
        byte[] header = Header(settings, sections);
        Format.Write(target, header);
        long at = FileFormat.PreambleSize + header.Length;
        foreach (NearestSection section in sections)
        {
            at += Pad(target, at);
            target.Write(section.Bytes.Span);
            at += section.Bytes.Length;
        }
    }

    /// <summary>Reads an index from memory that lives as long as the index.</summary>
    /// <exception cref="TandemException">LRN033 to LRN035.</exception>
    public static NearestContent Read(ReadOnlyMemory<byte> file)
    {
        int length = Format.HeaderLength(file.Span);
        if (length > file.Length - FileFormat.PreambleSize)
        {
            throw NearestContent.Damaged("the header ends beyond the file");
        }

        ReadOnlyMemory<byte> header = file.Slice(FileFormat.PreambleSize, length);
        Format.Check(file.Span, header.Span);
        try
        {
            return Parse(header, file);
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException
            or KeyNotFoundException)
        {
            throw NearestContent.Damaged("the header is not what an index's header should be", wrong);
        }
    }

    private static byte[] Header(
        IReadOnlyList<KeyValuePair<string, double>> settings, IReadOnlyList<NearestSection> sections)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("settings"u8);
            foreach ((string name, double value) in settings)
            {
                json.WriteNumber(name, value);
            }

            json.WriteEndObject();
            json.WriteStartArray("sections"u8);
            foreach (NearestSection section in sections)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, section.Name);
                json.WriteNumber("length"u8, section.Bytes.Length);
                json.WriteNumber("crc32c"u8, Crc32C.Append(0, section.Bytes.Span));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static NearestContent Parse(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> file)
    {
        using var document = JsonDocument.Parse(header);
        Dictionary<string, double> settings = new(StringComparer.Ordinal);
        foreach (JsonProperty setting in document.RootElement.GetProperty("settings").EnumerateObject())
        {
            settings[setting.Name] = setting.Value.GetDouble();
        }

        Dictionary<string, ReadOnlyMemory<byte>> sections = new(StringComparer.Ordinal);
        long at = FileFormat.PreambleSize + header.Length;
        foreach (JsonElement section in document.RootElement.GetProperty("sections").EnumerateArray())
        {
            string name = section.GetProperty("name").GetString() ?? "";
            int length = section.GetProperty("length").GetInt32();
            at += PaddingAt(at);
            if (length < 0 || at + length > file.Length)
            {
                throw NearestContent.Damaged($"the section '{name}' ends beyond the file");
            }

            ReadOnlyMemory<byte> bytes = file.Slice((int)at, length);
            if (Crc32C.Append(0, bytes.Span) != section.GetProperty("crc32c").GetUInt32())
            {
                throw NearestContent.Damaged($"the checksum of the section '{name}' does not match");
            }

            sections[name] = bytes;
            at += length;
        }

        return new NearestContent(settings, sections);
    }

    private static int PaddingAt(long at) => (int)(-at & (AlignedBytes.Line - 1));

    private static int Pad(Stream target, long at)
    {
        ReadOnlySpan<byte> zeros = stackalloc byte[AlignedBytes.Line];
        int padding = PaddingAt(at);
        target.Write(zeros[..padding]);
        return padding;
    }
}
