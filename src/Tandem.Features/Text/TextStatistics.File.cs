using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Tandem.Features.Text;

/// <content>As bytes: <c>docs/formats/text-statistics.md</c>.</content>
public sealed partial class TextStatistics
{
    private const int HeaderBytes = 40;
    private const int ChecksumBytes = SHA256.HashSizeInBytes;
    private const int Version = 1;

    private static ReadOnlySpan<byte> Magic => "TDMTEXT\0"u8;

    /// <summary>Writes the statistics: equal ones give equal bytes.</summary>
    /// <returns>All their bytes.</returns>
    public byte[] Save()
    {
        int textBytes = _terms.Sum(static term => Encoding.UTF8.GetByteCount(term));
        byte[] bytes = new byte[HeaderBytes + (_terms.Length * 2 * sizeof(int)) + textBytes + ChecksumBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), MaxWords);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), DocumentCount);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), WordCount);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(32), _terms.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(36), textBytes);
        int end = HeaderBytes + (_terms.Length * 2 * sizeof(int));
        for (int i = 0; i < _terms.Length; i++)
        {
            int length = Encoding.UTF8.GetBytes(_terms[i], bytes.AsSpan(end));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeaderBytes + (i * 8)), _documents[i]);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeaderBytes + (i * 8) + 4), length);
            end += length;
        }

        SHA256.HashData(bytes.AsSpan(0, end), bytes.AsSpan(end));
        return bytes;
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="bytes">All its bytes.</param>
    /// <exception cref="Faults.TandemException">FEA030: damaged, or written by a later version.</exception>
    public static TextStatistics Load(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes + ChecksumBytes || !bytes.StartsWith(Magic))
        {
            throw FeaturesErrors.DamagedText("they do not begin as text statistics do");
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version != Version)
        {
            throw FeaturesErrors.DamagedText($"they are of version {version}, and this build reads {Version}");
        }

        ReadOnlySpan<byte> content = bytes[..^ChecksumBytes];
        long count = BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]);
        long textBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[36..]);
        if (count < 0 || textBytes < 0 || content.Length != HeaderBytes + (count * 8) + textBytes
            || !SHA256.HashData(content).AsSpan().SequenceEqual(bytes[^ChecksumBytes..]))
        {
            throw FeaturesErrors.DamagedText("their length or checksum is wrong");
        }

        int maxWords = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        long documentCount = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        string[] terms = new string[count];
        int[] documents = new int[count];
        int end = HeaderBytes + ((int)count * 8);
        for (int i = 0; i < count; i++)
        {
            documents[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(HeaderBytes + (i * 8))..]);
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[(HeaderBytes + (i * 8) + 4)..]);
            if (length < 0 || length > content.Length - end || documents[i] < 1 || documents[i] > documentCount)
            {
                throw FeaturesErrors.DamagedText($"the entry of term {i} is impossible");
            }

            terms[i] = Encoding.UTF8.GetString(content.Slice(end, length));
            end += length;
            if (i > 0 && string.CompareOrdinal(terms[i - 1], terms[i]) >= 0)
            {
                throw FeaturesErrors.DamagedText($"term {i} is out of order");
            }
        }

        return maxWords is >= 1 and <= TextStatisticsOptions.MostWords && end == content.Length
            ? new TextStatistics(
                terms, documents, maxWords, documentCount, BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]))
            : throw FeaturesErrors.DamagedText("their settings are impossible");
    }
}
