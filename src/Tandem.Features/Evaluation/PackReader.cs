using System.Buffers.Binary;

namespace Tandem.Features.Evaluation;

/// <summary>Reads what <see cref="PackWriter"/> wrote. Reading beyond the end throws
/// <see cref="ArgumentOutOfRangeException"/>.</summary>
internal ref struct PackReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Bytes of the longest <see cref="Whole"/>.</summary>
    public const int LongestWhole = 10;

    /// <summary>Whole numbers of a smaller magnitude are exact as doubles, and doubled still fit.</summary>
    public const double LargestWhole = 1L << 53;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>What was not read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte Byte() => Bytes(1)[0];

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)));

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong)));

    public UInt128 Fixed128() => BinaryPrimitives.ReadUInt128LittleEndian(Bytes(16));

    public ReadOnlySpan<byte> Bytes(int length)
    {
        ReadOnlySpan<byte> read = _rest[..length];
        _rest = _rest[length..];
        return read;
    }

    public ReadOnlySpan<byte> Text() => Bytes(Count());

    /// <summary>Reads a whole number that counts things in memory.</summary>
    public int Count() => (int)Math.Min(Whole(), int.MaxValue);

    public ulong Whole()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte read = Byte();
            value |= (ulong)(read & 0x7F) << shift;
            if (read < 0x80)
            {
                return value;
            }
        }
    }

    public long Signed() => Unfold(Whole());

    public double Number() => Whole() switch
    {
        0 => double.NaN,
        1 => BitConverter.Int64BitsToDouble((long)Fixed64()),
        ulong whole => Unfold(whole - 2),
    };

    private static long Unfold(ulong folded) => (long)(folded >> 1) ^ -(long)(folded & 1);
}
