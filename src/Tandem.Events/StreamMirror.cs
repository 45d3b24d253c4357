using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Tandem.Faults;
using Tandem.Storage;

namespace Tandem.Events;

/// <summary>The copy of a broker's log in a folder: segments as a log in files has them, and a mark that says how far they
/// are known to be the broker's. What lies behind the mark is read again whenever the log is opened.</summary>
internal sealed class StreamMirror : IDisposable
{
    private const string MarkName = "stream.json";

    private readonly string _folder;
    private StreamMark? _mark;
    private SafeFileHandle? _file;
    private string _path = "";
    private long _start;
    private long _length;

    private StreamMirror(string folder)
    {
        _folder = folder;
    }

    /// <summary>True where a folder is the copy of a broker's log.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, MarkName));

    /// <summary>Takes the log from the broker, and brings the folder to its end.</summary>
    /// <exception cref="TandemException">EVT004: the broker's bytes are damaged; EVT016: the folder holds a log of its own;
    /// and what <see cref="IJournalStream.TakeAsync"/> throws.</exception>
    /// <returns>Position behind the broker's last byte.</returns>
    public static async Task<long> CatchUpAsync(string folder, IJournalStream stream, CancellationToken cancellationToken)
    {
        StreamMark? from = Prepare(folder);
        using StreamMirror mirror = new(folder);
        StreamMark end = await stream.TakeAsync(from, mirror.Receive, cancellationToken).ConfigureAwait(false);
        mirror.Finish();

        // Nothing came of a log that is new: its end is its beginning.
        await WriteAsync(folder, mirror._mark ?? from ?? end, cancellationToken).ConfigureAwait(false);
        return end.Position;
    }

    /// <summary>Writes the mark: everything before it is in closed segments, and durable.</summary>
    public static async Task WriteAsync(string folder, StreamMark mark, CancellationToken cancellationToken) =>
        await new FolderStore(folder).PutAsync(
            MarkName, JsonSerializer.SerializeToUtf8Bytes(mark, StreamMarkJson.Default.StreamMark), cancellationToken)
            .ConfigureAwait(false);

    public void Dispose() => _file?.Dispose();

    // Cuts the folder back to its mark. Where the two do not fit, nothing of it can be trusted, nor is it needed.
    private static StreamMark? Prepare(string folder)
    {
        List<Segment> segments = Segment.FindAll(folder);
        if (!IsIn(folder))
        {
            return segments.Count == 0 ? null : throw EventErrors.NotAMirror(folder);
        }

        StreamMark? mark = ReadMark(folder);
        List<Segment> kept = segments.FindAll(segment => segment.Base < mark?.Position);
        bool fits = mark is not null && Enumerable.Range(0, kept.Count).All(i =>
            kept[i].Base + new FileInfo(kept[i].Path).Length == (i + 1 < kept.Count ? kept[i + 1].Base : mark.Position));
        foreach (Segment segment in fits ? segments.Except(kept) : segments)
        {
            File.Delete(segment.Path);
        }

        return fits ? mark : null;
    }

    private static StreamMark? ReadMark(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(
                File.ReadAllBytes(Path.Combine(folder, MarkName)), StreamMarkJson.Default.StreamMark);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Receive(StreamMark at, ReadOnlyMemory<byte> bytes)
    {
        int first = bytes.Span.IndexOf((byte)'\n') + 1;
        if (SegmentHeader.Begins(bytes.Span))
        {
            Begin(at);
            SegmentHeader.Demand(_path, at.Position, bytes.Span[..first]);
        }

        for (int start = 0; start < bytes.Length;)
        {
            int length = bytes.Span[start..].IndexOf((byte)'\n') + 1;
            if (_file is null || length == 0 || !LineTail.IsValid(bytes.Span.Slice(start, length)))
            {
                throw EventErrors.SegmentDamaged(_path, at.Position - _start + start, "the broker's line is not whole");
            }

            start += length;
        }

        RandomAccess.Write(_file!, bytes.Span, _length);
        _length += bytes.Length;
    }

    private void Begin(StreamMark at)
    {
        Finish();
        var segment = Segment.At(_folder, at.Position);
        _file = File.OpenHandle(segment.Path, FileMode.Create, FileAccess.Write);
        (_mark, _path, _start, _length) = (at, segment.Path, at.Position, 0);
    }

    private void Finish()
    {
        if (_file is not null)
        {
            RandomAccess.FlushToDisk(_file);
            _file.Dispose();
            _file = null;
        }
    }
}
