namespace Tandem.Testing;

/// <summary>Writes zstd frames (RFC 8878) whose blocks hold their bytes as they are: packed by the letter of the format,
/// by nobody's library.</summary>
internal static class ZstdFrame
{
    private const int BlockBytes = 100_000;

    /// <summary>One frame that holds these bytes.</summary>
    public static byte[] Of(ReadOnlySpan<byte> content)
    {
        // No content size, no checksum, no dictionary; a window of 1 KiB · 2¹⁰.
        List<byte> frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 10 << 3];
        int start = 0;
        do
        {
            ReadOnlySpan<byte> block = content[start..Math.Min(start + BlockBytes, content.Length)];
            start += block.Length;
            int header = (block.Length << 3) | (start == content.Length ? 1 : 0);
            frame.AddRange([(byte)header, (byte)(header >> 8), (byte)(header >> 16)]);
            frame.AddRange(block);
        }
        while (start < content.Length);
        return [.. frame];
    }

    /// <summary>Frames behind each other, each of so many bytes, with one between that readers pass over.</summary>
    public static byte[] Many(ReadOnlySpan<byte> content, int frameBytes)
    {
        List<byte> frames = [];
        for (int start = 0; start < content.Length; start += frameBytes)
        {
            frames.AddRange(Of(content[start..Math.Min(start + frameBytes, content.Length)]));
            frames.AddRange([0x51, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, (byte)'a', (byte)'b', (byte)'c']);
        }

        return [.. frames];
    }
}
