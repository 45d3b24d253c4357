using System.Text;

namespace Tandem.Events.Tests;

public sealed class LineTailTests
{
    // The check value that every description of CRC-32C gives for these nine digits.
    [Fact]
    public void Crc32C_OfTheNineDigits_IsTheCheckValue()
    {
        Assert.Equal(0xE3069283, Crc32C.Of("123456789"u8));
        Assert.Equal(0u, Crc32C.Of([]));
    }

    [Fact]
    public void Crc32C_OfEveryLength_AgreesWithTheDefinition()
    {
        byte[] bytes = [.. Enumerable.Range(0, 70).Select(i => (byte)(i * 37))];

        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(BitByBit(bytes.AsSpan(0, length)), Crc32C.Of(bytes.AsSpan(0, length)));
        }
    }

    [Fact]
    public void IsValid_OfEveryChangedByte_IsFalse()
    {
        byte[] line = [.. "{\"id\":\"e\""u8, .. new byte[LineTail.Size]];
        LineTail.Write(line);
        Assert.True(LineTail.IsValid(line));

        for (int i = 0; i < line.Length * 8; i++)
        {
            line[i / 8] ^= (byte)(1 << (i % 8));
            Assert.False(LineTail.IsValid(line), $"bit {i}: {Encoding.Latin1.GetString(line)}");
            line[i / 8] ^= (byte)(1 << (i % 8));
        }
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        const uint Reflected = 0x82F63B78;
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * Reflected);
            }
        }

        return ~crc;
    }
}
