using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Tandem.Features.Evaluation;

/// <summary>A 64-bit hash of text in UTF-8, the same in every process.</summary>
internal static class TextHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15UL;

    /// <summary>Longest text, in characters, that is transcoded on the stack.</summary>
    public const int StackCharacters = 256;

    /// <summary>Hashes bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> utf8)
    {
        ulong hash = (ulong)utf8.Length * Multiplier;
        while (utf8.Length >= sizeof(ulong))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(utf8));
            utf8 = utf8[sizeof(ulong)..];
        }

        ulong rest = 0;
        for (int i = 0; i < utf8.Length; i++)
        {
            rest |= (ulong)utf8[i] << (8 * i);
        }

        hash = Mix(hash, rest);
        return hash ^ (hash >> 32);
    }

    /// <summary>Hashes the UTF-8 form of text.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        Span<byte> buffer = text.Length <= StackCharacters
            ? stackalloc byte[StackCharacters * 3]
            : new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        return Of(buffer[..Encoding.UTF8.GetBytes(text, buffer)]);
    }

    private static ulong Mix(ulong hash, ulong word) =>
        BitOperations.RotateLeft((hash ^ word) * Multiplier, 29) * 0xBF58476D1CE4E5B9UL;
}
