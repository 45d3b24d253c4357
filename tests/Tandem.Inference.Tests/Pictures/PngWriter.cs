using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Tandem.Inference.Tests.Pictures;

/// <summary>Writes PNG files by the specification, so that what a decoder must find is known without a decoder.</summary>
internal static class PngWriter
{
    public const byte Grey = 0;
    public const byte Rgb = 2;
    public const byte Rgba = 6;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(TableEntry)];

    /// <summary>A picture of 8 bits a channel.</summary>
    public static byte[] Write(int width, int height, byte colour, ReadOnlySpan<byte> pixels) =>
        Write(width, height, 8, colour, pixels);

    /// <summary>A picture; samples of 16 bits are big-endian.</summary>
    public static byte[] Write(int width, int height, byte bits, byte colour, ReadOnlySpan<byte> pixels)
    {
        int stride = pixels.Length / height;
        using var rows = new MemoryStream();
        using (var packed = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int row = 0; row < height; row++)
            {
                packed.WriteByte(0);
                packed.Write(pixels.Slice(row * stride, stride));
            }
        }

        return WritePacked(width, height, bits, colour, rows.ToArray());
    }

    /// <summary>A file that announces a size and holds any bytes as its packed pixels.</summary>
    public static byte[] WritePacked(int width, int height, byte bits, byte colour, byte[] packed)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = bits;
        header[9] = colour;
        return
        [
            0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10,
            .. Chunk("IHDR", header), .. Chunk("IDAT", packed), .. Chunk("IEND", []),
        ];
    }

    private static byte[] Chunk(string kind, byte[] content)
    {
        byte[] chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        Encoding.ASCII.GetBytes(kind, chunk.AsSpan(4));
        content.CopyTo(chunk, 8);
        uint sum = uint.MaxValue;
        foreach (byte b in chunk.AsSpan(4, content.Length + 4))
        {
            sum = Table[(byte)(sum ^ b)] ^ (sum >> 8);
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), ~sum);
        return chunk;
    }

    private static uint TableEntry(int index)
    {
        uint value = (uint)index;
        for (int i = 0; i < 8; i++)
        {
            value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        }

        return value;
    }
}
