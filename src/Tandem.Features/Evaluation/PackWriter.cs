using System.Buffers.Binary;

namespace Tandem.Features.Evaluation;

/// <summary>Writes numbers and texts in few bytes, little-endian, into memory that grows. Not thread safe.</summary>
internal sealed class PackWriter
{
    private byte[] _bytes = new byte[256];

    /// <summary>Bytes written.</summary>
    public int Count { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Count);

    /// <summary>Forgets what was written and keeps the memory.</summary>
    public void Clear() => Count = 0;

    public void Byte(byte value) => Room(1)[0] = value;

    public void Fixed(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Room(sizeof(uint)), value);

    public void Fixed(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);

    public void Fixed(UInt128 value) => BinaryPrimitives.WriteUInt128LittleEndian(Room(16), value);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    /// <summary>Writes a length and bytes.</summary>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        Whole((ulong)utf8.Length);
        Bytes(utf8);
    }

    /// <summary>Writes a whole number, seven bits a byte, lowest first; the high bit says that more follow.</summary>
    public void Whole(ulong value)
    {
        Span<byte> room = Room(PackReader.LongestWhole);
        int length = 0;
        while (value >= 0x80)
        {
            room[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[length++] = (byte)value;
        Count -= room.Length - length;
    }

    /// <summary>Writes a whole number that may be negative: 0, −1, 1, −2 … as 0, 1, 2, 3 ….</summary>
    public void Signed(long value) => Whole((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes a number bit for bit, whole ones in fewer bytes: 0 for NaN, 1 before eight bytes, else 2 + the
    /// whole number as <see cref="Signed"/> writes it.</summary>
    public void Number(double value)
    {
        if (double.IsNaN(value))
        {
            Byte(0);
            return;
        }

        long whole = Math.Abs(value) < PackReader.LargestWhole ? (long)value : 0;
        if (BitConverter.DoubleToInt64Bits(whole) == BitConverter.DoubleToInt64Bits(value))
        {
            Whole(2 + (ulong)((whole << 1) ^ (whole >> 63)));
            return;
        }

        Byte(1);
        Fixed((ulong)BitConverter.DoubleToInt64Bits(value));
    }

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - Count < length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Count + length));
        }

        Count += length;
        return _bytes.AsSpan(Count - length, length);
    }
}
