using System.Buffers.Binary;

namespace Tandem.Lake.Compaction;

/// <summary>64 bits that mix every byte of a text; equal texts have equal fingerprints.</summary>
internal static class Fingerprint
{
    /// <summary>The fingerprint.</summary>
    public static ulong Of(ReadOnlySpan<byte> text)
    {
        ulong hash = Mix(0x9E3779B97F4A7C15UL + (ulong)text.Length);
        while (text.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text));
            text = text[sizeof(ulong)..];
        }

        ulong tail = 0;
        for (int i = 0; i < text.Length; i++)
        {
            tail |= (ulong)text[i] << (8 * i);
        }

        return Mix(hash ^ tail);
    }

    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, 0xD6E8FEB86659FD93UL, out ulong low);
        return high ^ low;
    }
}
