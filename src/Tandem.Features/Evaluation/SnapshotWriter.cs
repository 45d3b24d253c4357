using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Tandem.Features.Evaluation;

/// <summary>Writes a snapshot, as <c>docs/formats/feature-snapshot.md</c> says.</summary>
internal sealed class SnapshotWriter : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public SnapshotWriter(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes);
        Write(SnapshotReader.Magic);
        WriteLength(SnapshotReader.Version);
    }

    /// <summary>Writes a length and bytes: the ids of an entity, or a block of series; no series end the
    /// shelf.</summary>
    public void WriteBlock(ReadOnlySpan<byte> bytes)
    {
        WriteLength(bytes.Length);
        Write(bytes);
    }

    /// <summary>Ends the file with its description and checksum.</summary>
    public void Finish(FeatureSnapshot description)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(description, FeatureSnapshotJson.Default.FeatureSnapshot);
        Write(json);
        WriteLength(json.Length);
        _file.Write(_hash.GetHashAndReset());
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }

    private void WriteLength(int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        Write(bytes);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _file.Write(bytes);
        _hash.AppendData(bytes);
    }
}
