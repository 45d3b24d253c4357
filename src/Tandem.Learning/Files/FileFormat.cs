using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Tandem.Faults;

namespace Tandem.Learning.Files;

/// <summary>How a file of this room starts: eight bytes of magic, a version, and the length and checksum of the header that
/// follows.</summary>
/// <param name="magic">The magic, eight letters.</param>
/// <param name="version">Newest version that is written and read.</param>
internal sealed class FileFormat(string magic, uint version)
{
    /// <summary>Bytes before the header.</summary>
    public const int PreambleSize = 20;

    private const int MaximumHeaderLength = 1 << 16;

    private readonly byte[] _magic = Encoding.ASCII.GetBytes(magic);

    /// <summary>Says that a file starts otherwise, given its first bytes.</summary>
    public required Func<string, Fault> Other { get; init; }

    /// <summary>Says that a file has another version, given that one and the newest that is read.</summary>
    public required Func<uint, uint, Fault> Newer { get; init; }

    /// <summary>Says that a file is damaged, given how.</summary>
    public required Func<string, Fault> Damaged { get; init; }

    /// <summary>Writes preamble and header.</summary>
    public void Write(Stream target, ReadOnlySpan<byte> header)
    {
        Span<byte> preamble = stackalloc byte[PreambleSize];
        _magic.CopyTo(preamble);
        BinaryPrimitives.WriteUInt32LittleEndian(preamble[8..], version);
        BinaryPrimitives.WriteUInt32LittleEndian(preamble[12..], (uint)header.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(preamble[16..], Crc32C.Append(0, header));
        target.Write(preamble);
        target.Write(header);
    }

    /// <summary>Reads the length of the header.</summary>
    /// <param name="start">The first bytes of a file; fewer than <see cref="PreambleSize"/> are no such file.</param>
    public int HeaderLength(ReadOnlySpan<byte> start)
    {
        if (start.Length < PreambleSize || !start.StartsWith(_magic))
        {
            throw new TandemException(Other(Convert.ToHexString(start[..Math.Min(start.Length, _magic.Length)])));
        }

        uint found = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (found is 0 || found > version)
        {
            throw new TandemException(Newer(found, version));
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(start[12..]);
        return length <= MaximumHeaderLength
            ? (int)length
            : throw new TandemException(
                Damaged(string.Create(CultureInfo.InvariantCulture, $"the header claims {length} bytes")));
    }

    /// <summary>Compares a header with its checksum.</summary>
    /// <param name="start">The first bytes of the file.</param>
    /// <param name="header">The header.</param>
    public void Check(ReadOnlySpan<byte> start, ReadOnlySpan<byte> header)
    {
        if (Crc32C.Append(0, header) != BinaryPrimitives.ReadUInt32LittleEndian(start[16..]))
        {
            throw new TandemException(Damaged("the checksum of the header does not match"));
        }
    }
}
