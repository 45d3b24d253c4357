using Microsoft.Win32.SafeHandles;

namespace Tandem.Events;

/// <summary>Brings the last segment of a log to its last whole line: what stands behind it was torn by a crash and
/// never acknowledged.</summary>
internal static class SegmentRecovery
{
    /// <summary>Checks every line, and cuts a torn tail.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="file">Its file, open for reading and writing.</param>
    /// <returns>The file's length after the cut, and the known time of its last event, or null where it has
    /// none.</returns>
    /// <exception cref="Tandem.Faults.TandemException">EVT004: a line in the middle is damaged; EVT005: another format
    /// or version.</exception>
    public static (long Length, DateTimeOffset? LastKnown) Recover(Segment segment, SafeFileHandle file)
    {
        long length = RandomAccess.GetLength(file);
        using LineScanner lines = new(file, 0, length);
        if (!lines.TryRead(out ReadOnlySpan<byte> header))
        {
            return (RestoreHeader(segment, file, header), null);
        }

        SegmentHeader.Demand(segment.Path, segment.Base, header);
        long good = lines.Position;
        long lastStart = -1;
        long lastEnd = -1;
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            int intact = LineTail.FindIntact(line);
            if (intact != 0)
            {
                DemandNothingBehind(segment, lines, good, isFollowed: intact > 0);
                break;
            }

            lastStart = JournalGap.IsGap(line) ? lastStart : good;
            lastEnd = JournalGap.IsGap(line) ? lastEnd : lines.Position;
            good = lines.Position;
        }

        if (good < length)
        {
            RandomAccess.SetLength(file, good);
            RandomAccess.FlushToDisk(file);
        }

        return (good, lastStart < 0 ? null : KnownTimeAt(file, lastStart, lastEnd));
    }

    /// <summary>Reads the ids of a segment's events as they stand there, in order; damaged lines are passed
    /// over.</summary>
    public static List<byte[]> ReadIds(Segment segment)
    {
        List<byte[]> ids = [];
        using SafeFileHandle file = File.OpenHandle(segment.Path, share: FileShare.ReadWrite | FileShare.Delete);
        using LineScanner lines = new(file, SegmentHeader.Size, RandomAccess.GetLength(file));
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (LineTail.IsValid(line) && !JournalGap.IsGap(line))
            {
                ids.Add(LineId.Of(line).ToArray());
            }
        }

        return ids;
    }

    // A crash between creating a segment and its first flush leaves a part of the header, and nothing else.
    private static long RestoreHeader(Segment segment, SafeFileHandle file, ReadOnlySpan<byte> found)
    {
        byte[] header = SegmentHeader.Write(segment.Base);
        if (!header.AsSpan().StartsWith(found))
        {
            throw EventErrors.SegmentDamaged(segment.Path, 0, "it does not begin with a header");
        }

        RandomAccess.Write(file, header, 0);
        RandomAccess.FlushToDisk(file);
        return header.Length;
    }

    // A torn write leaves rubbish at the end. Rubbish before a whole line is something else: cutting there would lose
    // events that were acknowledged.
    private static void DemandNothingBehind(Segment segment, LineScanner lines, long damagedAt, bool isFollowed)
    {
        while (!isFollowed && lines.TryRead(out ReadOnlySpan<byte> line))
        {
            isFollowed = LineTail.FindIntact(line) >= 0;
        }

        if (isFollowed)
        {
            throw EventErrors.SegmentDamaged(
                segment.Path, damagedAt, "a line's checksum is wrong, but whole lines follow it");
        }
    }

    private static DateTimeOffset KnownTimeAt(SafeFileHandle file, long start, long end)
    {
        byte[] line = new byte[end - start];
        RandomAccess.Read(file, line, start);
        return EventJson.Read(line).KnownTime;
    }
}
