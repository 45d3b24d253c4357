using System.Text.Json;
using Tandem.Storage.Native;

namespace Tandem.Events;

/// <summary>Removes a person's events from closed segments of the raw log by rewriting them.</summary>
/// <remarks>Positions are byte offsets and must not move, so a gap of the same length takes a line's place. A segment is
/// written whole under another name, flushed, and moved over the old one: killed at any moment it is the old one or the
/// new one, and running again finishes what is left.</remarks>
public static class SegmentErasure
{
    private const string GapReason = "erased";
    private const string StagingExtension = ".erasing";
    private static readonly string[] Drafts = ["*" + StagingExtension, "*" + JournalRepair.DraftExtension];

    /// <summary>Rewrites the segments that name a person, and deletes what a repair kept that names them.</summary>
    /// <param name="folder">The log's folder; the caller is its only writer.</param>
    /// <param name="segments">Closed segments; nobody may be appending to them.</param>
    /// <param name="person">Who is to be forgotten.</param>
    /// <param name="isDryRun">True to count only.</param>
    /// <param name="cancellationToken">Stops between two segments.</param>
    /// <returns>The segments that held lines of the person.</returns>
    /// <exception cref="Faults.TandemException">EVT004: a segment is damaged; EVT008: the disk failed.</exception>
    public static async Task<IReadOnlyList<ErasedLines>> RunAsync(
        string folder, IReadOnlyList<JournalSegment> segments, ErasedPerson person, bool isDryRun,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(segments);
        ArgumentNullException.ThrowIfNull(person);
        if (!isDryRun)
        {
            DeleteDrafts(folder);
        }

        List<ErasedLines> erased = [];
        foreach (JournalSegment segment in segments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long lines = await Task.Run(() => Erase(segment, person, isDryRun), cancellationToken)
                .ConfigureAwait(false);
            if (lines > 0)
            {
                erased.Add(new ErasedLines(Path.GetFileName(segment.Path), lines));
            }
        }

        erased.AddRange(EraseRemoved(folder, person, isDryRun));
        return erased;
    }

    /// <summary>Deletes what a rewriting left that was killed: its segment may be trimmed by now.</summary>
    private static void DeleteDrafts(string folder)
    {
        try
        {
            foreach (string draft in Drafts.SelectMany(pattern => Directory.GetFiles(folder, pattern)))
            {
                File.Delete(draft);
                DirectoryFlush.Flush(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EventErrors.DiskFailed("Deleting drafts of segments", folder, e);
        }
    }

    /// <summary>Deletes what a repair kept of damaged bytes, where the id is among them.</summary>
    private static IEnumerable<ErasedLines> EraseRemoved(string folder, ErasedPerson person, bool isDryRun)
    {
        string removed = Path.Combine(folder, JournalRepair.RemovedFolder);
        string[] files = Directory.Exists(removed) ? Directory.GetFiles(removed) : [];
        foreach (string file in files.Where(file => person.MayBeIn(File.ReadAllBytes(file))))
        {
            if (!isDryRun)
            {
                File.Delete(file);
                DirectoryFlush.Flush(removed);
            }

            yield return new ErasedLines($"{JournalRepair.RemovedFolder}/{Path.GetFileName(file)}", 1);
        }
    }

    private static long Erase(JournalSegment segment, ErasedPerson person, bool isDryRun)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(segment.Path);
            long lines = Overwrite(segment, bytes, person);
            if (lines > 0 && !isDryRun)
            {
                Replace(segment.Path, bytes);
            }

            return lines;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EventErrors.DiskFailed("Rewriting a segment", segment.Path, e);
        }
    }

    /// <summary>Puts gaps over the person's lines, in memory; how many there were.</summary>
    private static long Overwrite(JournalSegment segment, Span<byte> bytes, ErasedPerson person)
    {
        long lines = 0;
        for (int start = SegmentHeader.Size; start < bytes.Length;)
        {
            int length = bytes[start..].IndexOf((byte)'\n') + 1;
            Span<byte> line = bytes.Slice(start, length);
            if (length == 0 || !LineTail.IsValid(line))
            {
                throw EventErrors.SegmentDamaged(segment.Path, start, "a line's checksum is wrong");
            }

            if (IsIn(segment, start, line, person))
            {
                JournalGap.Fill(line, GapReason);
                lines++;
            }

            start += length;
        }

        return lines;
    }

    private static bool IsIn(JournalSegment segment, int at, ReadOnlySpan<byte> line, ErasedPerson person)
    {
        try
        {
            return person.IsInEvent(line);
        }
        catch (JsonException e)
        {
            throw EventErrors.SegmentDamaged(segment.Path, at, e.Message);
        }
    }

    private static void Replace(string path, byte[] bytes)
    {
        string staging = path + StagingExtension;
        using (FileStream file = new(staging, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(staging, path, overwrite: true);
        DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
    }
}
