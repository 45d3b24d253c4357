using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;
using Tandem.Storage.Native;

namespace Tandem.Events;

/// <summary>Removes the oldest segments of a log: those that the retention gives up and nobody needs.</summary>
internal sealed class SegmentTrim(FileJournalOptions options, JournalTip tip, DateTimeOffset now)
{
    private const int FirstTailBytes = 64 * 1024;

    /// <summary>Trims. The caller holds the readers' lock.</summary>
    /// <exception cref="Tandem.Faults.TandemException">EVT008: the disk failed; EVT013: a segment could not be
    /// removed.</exception>
    public JournalTrim Run(JournalRetention retention, JournalPosition behind, bool isDryRun)
    {
        try
        {
            return Trim(retention, behind, isDryRun);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EventErrors.DiskFailed("Looking into the raw log", options.Folder, e);
        }
    }

    private JournalTrim Trim(JournalRetention retention, JournalPosition behind, bool isDryRun)
    {
        ImmutableList<Segment> segments = tip.Segments;
        int wanted = CountGivenUp(segments, retention);
        if (wanted == 0)
        {
            return new JournalTrim(new(segments[0].Base), [], [], null);
        }

        JournalHold hold = Holds(segments, behind).MinBy(static one => one.Position)!;
        long limit = Math.Min(hold.Position.Offset, segments[wanted].Base);
        int free = CountBefore(segments, limit);
        if (!isDryRun)
        {
            // A reader may have come meanwhile, and then holds back more.
            IReadOnlyList<Segment> removed = tip.RemoveBefore(limit);
            Delete(removed);
            if (removed.Count < free)
            {
                free = removed.Count;
                hold = new JournalHold(JournalHoldKind.Reader, new(segments[free].Base));
            }
        }

        return new JournalTrim(
            new(segments[free].Base), Describe(segments, 0, free), Describe(segments, free, wanted),
            free < wanted ? hold : null);
    }

    /// <summary>How many of the oldest segments need not stay, were it for the retention alone.</summary>
    private int CountGivenUp(ImmutableList<Segment> segments, JournalRetention retention)
    {
        int count = 0;
        while (count + 1 < segments.Count && (IsTooMuch(segments[count], retention) || IsTooOld(segments[count], retention)))
        {
            count++;
        }

        return count;
    }

    private bool IsTooMuch(Segment oldest, JournalRetention retention) => tip.End - oldest.Base > retention.Bytes;

    // One that holds no event, since all were erased, is as old as can be.
    private bool IsTooOld(Segment segment, JournalRetention retention) =>
        retention.Age is { } age && !(LastKnown(segment) > now - age);

    private IEnumerable<JournalHold> Holds(ImmutableList<Segment> segments, JournalPosition behind)
    {
        yield return new JournalHold(JournalHoldKind.Lake, behind);
        yield return new JournalHold(JournalHoldKind.Ids, new(WindowOfIds(segments)));
        foreach (NamedReader reader in NamedReaders.List(options.Folder))
        {
            yield return new JournalHold(JournalHoldKind.NamedReader, reader.Position, reader.Name);
        }

        if (tip.Slowest is { } slowest)
        {
            yield return new JournalHold(JournalHoldKind.Reader, new(slowest));
        }
    }

    /// <summary>The base of the segment from which on as many ids stand as are to be remembered: opening the log must find
    /// them.</summary>
    private long WindowOfIds(ImmutableList<Segment> segments)
    {
        int index = segments.Count;
        for (long count = 0; count < options.RememberedIdCount && index > 0; index--)
        {
            count += CountEvents(segments[index - 1]);
        }

        return index < segments.Count ? segments[index].Base : long.MaxValue;
    }

    private static int CountBefore(ImmutableList<Segment> segments, long limit)
    {
        int count = 0;
        while (count + 1 < segments.Count && segments[count + 1].Base <= limit)
        {
            count++;
        }

        return count;
    }

    private static JournalSegment[] Describe(ImmutableList<Segment> segments, int from, int to) =>
        [.. Enumerable.Range(from, to - from).Select(i => new JournalSegment(
            new(segments[i].Base + SegmentHeader.Size), new(segments[i + 1].Base), segments[i].Path))];

    // One after another, each one's going durable before the next one's: a crash leaves no hole, only an older
    // beginning.
    private static void Delete(IReadOnlyList<Segment> segments)
    {
        foreach (Segment segment in segments)
        {
            try
            {
                File.Delete(segment.Path);
                DirectoryFlush.Flush(Path.GetDirectoryName(segment.Path)!);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw EventErrors.SegmentNotRemoved(segment.Path, e);
            }
        }
    }

    private static long CountEvents(Segment segment)
    {
        using SafeFileHandle file = Open(segment);
        using LineScanner lines = new(file, SegmentHeader.Size, RandomAccess.GetLength(file));
        long count = 0;
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            count += JournalGap.IsGap(line) ? 0 : 1;
        }

        return count;
    }

    /// <summary>When the segment's last event became known; null where it holds none.</summary>
    private static DateTimeOffset? LastKnown(Segment segment)
    {
        using SafeFileHandle file = Open(segment);
        long length = RandomAccess.GetLength(file);
        DateTimeOffset? known = null;
        for (long tail = FirstTailBytes; known is null; tail *= 4)
        {
            long from = Math.Max(SegmentHeader.Size, length - tail);
            known = LastKnown(file, from, length);
            if (from == SegmentHeader.Size)
            {
                return known;
            }
        }

        return known;
    }

    private static DateTimeOffset? LastKnown(SafeFileHandle file, long from, long length)
    {
        using LineScanner lines = new(file, from, length);
        byte[]? last = null;
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            // The first may have been cut by where the reading began; then its checksum does not hold.
            if (LineTail.IsValid(line) && !JournalGap.IsGap(line))
            {
                last = line.ToArray();
            }
        }

        return last is null ? null : EventJson.Read(last).KnownTime;
    }

    private static SafeFileHandle Open(Segment segment) =>
        File.OpenHandle(segment.Path, share: FileShare.ReadWrite | FileShare.Delete);
}
