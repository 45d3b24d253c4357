using System.Numerics;
using System.Runtime.InteropServices;

namespace Tandem.Learning.Files;

/// <summary>The Castagnoli checksum, as in iSCSI and ext4; hardware-accelerated where the processor has it.</summary>
internal static class Crc32C
{
    /// <summary>Extends a checksum by more bytes; start with 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }
}
