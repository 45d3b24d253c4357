using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tandem.Faults;

namespace Tandem.Learning.Files;

/// <summary>The one format of all models: magic, version, a JSON header that names settings and arrays, then the
/// arrays' bytes; both parts with a checksum. Agrees with <c>docs/formats/models.md</c>.</summary>
internal static class ModelFile
{
    private const int ElementsAtOnce = 1 << 20;

    private static readonly FileFormat Format = new("TANDEMML", version: 1)
    {
        Other = LearningErrors.NotAModel,
        Newer = LearningErrors.NewerFormat,
        Damaged = LearningErrors.Damaged,
    };

    public static void Write(
        Stream target, string kind, IReadOnlyList<KeyValuePair<string, double>> settings,
        params ReadOnlySpan<ModelArray> arrays)
    {
        Format.Write(target, ModelHeader.Write(kind, settings, arrays));
        uint crc = 0;
        foreach (ModelArray array in arrays)
        {
            for (int start = 0; start < array.Length; start += ElementsAtOnce)
            {
                ReadOnlySpan<byte> bytes = Bytes(array, start);
                crc = Crc32C.Append(crc, bytes);
                target.Write(bytes);
            }
        }

        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, crc);
        target.Write(trailer);
    }

    /// <summary>Reads a model file of any kind.</summary>
    /// <exception cref="TandemException">LRN010 to LRN012.</exception>
    public static ModelContent Read(Stream source)
    {
        try
        {
            ModelHeader header = ReadHeader(source);
            ModelArray[] arrays = MakeArrays(header);
            uint crc = 0;
            foreach (ModelArray array in arrays)
            {
                for (int start = 0; start < array.Length; start += ElementsAtOnce)
                {
                    Span<byte> bytes = Bytes(array, start);
                    source.ReadExactly(bytes);
                    crc = Crc32C.Append(crc, bytes);
                }
            }

            Span<byte> trailer = stackalloc byte[sizeof(uint)];
            source.ReadExactly(trailer);
            return BinaryPrimitives.ReadUInt32LittleEndian(trailer) == crc
                ? new ModelContent(header.Kind, header.Settings, arrays)
                : throw ModelContent.Damaged("the checksum of the arrays does not match");
        }
        catch (EndOfStreamException torn)
        {
            throw ModelContent.Damaged("the file ends too early", torn);
        }
    }

    /// <summary>Reads a model file that must hold a certain kind.</summary>
    /// <exception cref="TandemException">LRN010 to LRN013.</exception>
    public static ModelContent Read(Stream source, string kind)
    {
        ModelContent content = Read(source);
        return string.Equals(content.Kind, kind, StringComparison.Ordinal)
            ? content
            : throw new TandemException(LearningErrors.OtherKind(content.Kind, kind));
    }

    /// <summary>The kind of model that a file says it holds; the source stays where it is.</summary>
    /// <exception cref="TandemException">LRN010 to LRN012.</exception>
    public static string KindAt(Stream source)
    {
        long start = source.Position;
        try
        {
            return ReadHeader(source).Kind;
        }
        catch (EndOfStreamException torn)
        {
            throw ModelContent.Damaged("the file ends too early", torn);
        }
        finally
        {
            source.Position = start;
        }
    }

    private static ModelHeader ReadHeader(Stream source)
    {
        Span<byte> preamble = stackalloc byte[FileFormat.PreambleSize];
        source.ReadExactly(preamble);
        byte[] bytes = new byte[Format.HeaderLength(preamble)];
        source.ReadExactly(bytes);
        Format.Check(preamble, bytes);
        try
        {
            return ModelHeader.Read(bytes);
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException)
        {
            throw WrongHeader(wrong);
        }
    }

    private static ModelArray[] MakeArrays(ModelHeader header)
    {
        try
        {
            return header.MakeArrays();
        }
        catch (FormatException wrong)
        {
            throw WrongHeader(wrong);
        }
    }

    private static TandemException WrongHeader(Exception wrong) =>
        ModelContent.Damaged("the header is not what a model's header should be", wrong);

    private static Span<byte> Bytes(ModelArray array, int start)
    {
        int count = Math.Min(ElementsAtOnce, array.Length - start);
        return array.Floats is { } floats
            ? MemoryMarshal.AsBytes(floats.AsSpan(start, count))
            : MemoryMarshal.AsBytes(array.Wholes.AsSpan(start, count));
    }
}
