using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Tandem.Faults;

namespace Tandem.Features.Evaluation;

/// <summary>Reads what <see cref="SnapshotWriter"/> wrote, all of it checked first.</summary>
internal sealed class SnapshotReader : IDisposable
{
    public const int Version = 1;
    private const int BufferBytes = 1 << 20;
    private const int TailBytes = sizeof(int) + SHA256.HashSizeInBytes;

    private readonly FileStream _file;
    private byte[] _block = [];

    /// <exception cref="TandemException">FEA015: the file is damaged.</exception>
    public SnapshotReader(string path, string key)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes);
        try
        {
            Description = Check() ?? throw FeaturesErrors.DamagedSnapshot(key, "its checksum is wrong");
            _file.Position = Magic.Length;
            if (ReadLength() is int version && version != Version)
            {
                throw FeaturesErrors.DamagedSnapshot(key, $"it is of version {version}, this build reads {Version}");
            }
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public static ReadOnlySpan<byte> Magic => "TDMFSNP\0"u8;

    public FeatureSnapshot Description { get; }

    /// <summary>Reads a block, valid until the next one.</summary>
    public ReadOnlySpan<byte> ReadBlock()
    {
        int length = ReadLength();
        if (_block.Length < length)
        {
            _block = new byte[Math.Max(length, _block.Length * 2)];
        }

        _file.ReadExactly(_block, 0, length);
        return _block.AsSpan(0, length);
    }

    public void Dispose() => _file.Dispose();

    // Null where the file is not whole.
    private FeatureSnapshot? Check()
    {
        long content = _file.Length - SHA256.HashSizeInBytes;
        Span<byte> magic = stackalloc byte[Magic.Length];
        if (content < Magic.Length + (2 * sizeof(int)))
        {
            return null;
        }

        _file.ReadExactly(magic);
        _file.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        for (long left = content; left > 0;)
        {
            int read = _file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        byte[] expected = new byte[SHA256.HashSizeInBytes];
        _file.ReadExactly(expected);
        if (!magic.SequenceEqual(Magic) || !expected.AsSpan().SequenceEqual(hash.GetHashAndReset()))
        {
            return null;
        }

        _file.Position = _file.Length - TailBytes;
        byte[] json = new byte[ReadLength()];
        _file.Position = _file.Length - TailBytes - json.Length;
        _file.ReadExactly(json);
        return JsonSerializer.Deserialize(json, FeatureSnapshotJson.Default.FeatureSnapshot);
    }

    private int ReadLength()
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        _file.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }
}
