using Microsoft.Win32.SafeHandles;
using Tandem.Storage.Native;

namespace Tandem.Events;

/// <summary>The segment being written. Not thread safe: the committer's alone.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly Segment _segment;
    private readonly SafeFileHandle _file;

    private SegmentWriter(Segment segment, SafeFileHandle file, long length)
    {
        _segment = segment;
        _file = file;
        Length = length;
    }

    /// <summary>Bytes in the file, header included.</summary>
    public long Length { get; private set; }

    /// <summary>True while it holds its header only.</summary>
    public bool IsEmpty => Length == SegmentHeader.Size;

    /// <summary>Position behind its last event; where it has none, its own beginning.</summary>
    public long End => IsEmpty ? _segment.Base : _segment.Base + Length;

    /// <summary>Position of its first byte.</summary>
    public long Start => _segment.Base;

    /// <summary>Where it is.</summary>
    public string Path => _segment.Path;

    /// <summary>Begins a segment; its name and header are durable when this returns. Where the disk refuses, nothing is
    /// left of it.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static SegmentWriter Create(Segment segment)
    {
        SafeFileHandle file = File.OpenHandle(segment.Path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            byte[] header = SegmentHeader.Write(segment.Base);
            RandomAccess.Write(file, header, 0);
            RandomAccess.FlushToDisk(file);
            DirectoryFlush.Flush(System.IO.Path.GetDirectoryName(segment.Path)!);
            return new SegmentWriter(segment, file, header.Length);
        }
        catch
        {
            file.Dispose();
            File.Delete(segment.Path);
            throw;
        }
    }

    /// <summary>Goes on with a segment, cutting a torn tail.</summary>
    /// <returns>The writer, and the known time of the last event, or null.</returns>
    public static (SegmentWriter Writer, DateTimeOffset? LastKnown) Resume(Segment segment)
    {
        SafeFileHandle file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            (long length, DateTimeOffset? lastKnown) = SegmentRecovery.Recover(segment, file);
            return (new SegmentWriter(segment, file, length), lastKnown);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes lines behind the last, whole or not at all; they are durable after <see cref="Flush"/>.</summary>
    /// <exception cref="IOException">The disk refused, and nothing of them is in the file.</exception>
    /// <exception cref="Tandem.Faults.TandemException">EVT008: a part of them could not be taken back.</exception>
    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> lines, long byteCount)
    {
        try
        {
            RandomAccess.Write(_file, lines, Length);
        }
        catch (IOException)
        {
            TakeBack();
            throw;
        }

        Length += byteCount;
    }

    /// <summary>Flushes what was written to the disk.</summary>
    /// <exception cref="Tandem.Faults.TandemException">EVT008: the disk failed. What is on it is not known until the log
    /// is opened again: trying once more could call lost what a second flush no longer sees.</exception>
    public void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(_file);
        }
        catch (IOException e)
        {
            throw EventErrors.DiskFailed("Flushing", Path, e);
        }
    }

    public void Dispose() => _file.Dispose();

    private void TakeBack()
    {
        try
        {
            RandomAccess.SetLength(_file, Length);
        }
        catch (IOException e)
        {
            throw EventErrors.DiskFailed("Taking back a part of a write", Path, e);
        }
    }
}
