using Microsoft.Win32.SafeHandles;

namespace Tandem.Events;

/// <summary>A segment as it lies in a log's folder.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">Position of its first byte.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="IsClosed">True where another one follows.</param>
/// <param name="FirstKnown">When its first event became known, or null where it has none that can be read.</param>
/// <param name="Written">When it was written last.</param>
public sealed record JournalListing(
    string Path, JournalPosition Start, long Bytes, bool IsClosed, DateTimeOffset? FirstKnown, DateTimeOffset Written)
{
    /// <summary>Lists the segments of a log, oldest first, without opening it: another process may be writing.</summary>
    /// <param name="folder">The log's folder.</param>
    /// <exception cref="Tandem.Faults.TandemException">EVT008: the disk failed.</exception>
    public static IReadOnlyList<JournalListing> Read(string folder)
    {
        try
        {
            List<Segment> segments = Directory.Exists(folder) ? Segment.FindAll(folder) : [];
            return [.. segments.Select(segment => Read(segment, segment != segments[^1]))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EventErrors.DiskFailed("Looking into the raw log", folder, e);
        }
    }

    private static JournalListing Read(Segment segment, bool isClosed)
    {
        FileInfo file = new(segment.Path);
        return new JournalListing(
            segment.Path, new JournalPosition(segment.Base), file.Length, isClosed, FirstKnownOf(segment, file.Length),
            new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
    }

    private static DateTimeOffset? FirstKnownOf(Segment segment, long length)
    {
        using SafeFileHandle file = File.OpenHandle(segment.Path, share: FileShare.ReadWrite | FileShare.Delete);
        using LineScanner lines = new(file, SegmentHeader.Size, length);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (LineTail.IsValid(line) && !JournalGap.IsGap(line))
            {
                return EventJson.Read(line).KnownTime;
            }
        }

        return null;
    }
}
