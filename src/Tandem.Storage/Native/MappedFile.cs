using System.Buffers;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Tandem.Storage.Native;

/// <summary>A file as memory: the system reads its pages when they are touched, keeps them in its own cache, and gives up
/// what it needs elsewhere. The collector sees nothing of it.</summary>
/// <remarks>The mapping lives as long as somebody holds a <see cref="Memory{T}"/> of it; spans do not hold it. The file must
/// not be written to or cut while it is mapped: a store's objects never are.</remarks>
public sealed unsafe class MappedFile : MemoryManager<byte>
{
    private readonly SafeMemoryMappedViewHandle _view;
    private readonly int _length;

    private MappedFile(SafeMemoryMappedViewHandle view, int length)
    {
        _view = view;
        _length = length;
    }

    private byte* Start => (byte*)_view.DangerousGetHandle();

    /// <summary>Maps a file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <returns>All its bytes; who writes to them dies.</returns>
    /// <exception cref="Faults.TandemException">STO003: the file cannot be read. STO006: it is too large.</exception>
    public static ReadOnlyMemory<byte> Open(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length == 0)
            {
                return default;
            }

            if (file.Length > int.MaxValue)
            {
                throw StorageErrors.TooLargeToMap(path, file.Length);
            }

            using var map = MemoryMappedFile.CreateFromFile(
                file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            MemoryMappedViewAccessor view = map.CreateViewAccessor(0, file.Length, MemoryMappedFileAccess.Read);
            return new MappedFile(view.SafeMemoryMappedViewHandle, (int)file.Length).Memory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.DiskFailed("Mapping", path, e);
        }
    }

    /// <inheritdoc />
    public override Span<byte> GetSpan() => new(Start, _length);

    /// <inheritdoc />
    public override MemoryHandle Pin(int elementIndex = 0) => new(Start + elementIndex, pinnable: this);

    /// <inheritdoc />
    public override void Unpin()
    {
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing) => _view.Dispose();
}
