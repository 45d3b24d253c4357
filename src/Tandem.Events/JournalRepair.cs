using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Tandem.Faults;
using Tandem.Storage.Native;

namespace Tandem.Events;

/// <summary>Finds what is damaged in a log's folder, and takes it out so that the rest can be read.</summary>
public static class JournalRepair
{
    /// <summary>Folder, beside the segments, of the bytes that repairing took out.</summary>
    public const string RemovedFolder = "removed";

    /// <summary>Ends the name of a segment on its way to being repaired.</summary>
    internal const string DraftExtension = ".repair";

    /// <summary>Reads every byte of a log, and lists the damages, oldest first. Changes nothing.</summary>
    /// <param name="folder">The log's folder.</param>
    /// <exception cref="TandemException">EVT005: a segment is of another version; EVT008: the disk failed.</exception>
    public static IReadOnlyList<JournalDamage> Find(string folder) => Guard(folder, () =>
    {
        List<Segment> segments = Directory.Exists(folder) ? Segment.FindAll(folder) : [];
        List<JournalDamage> damages = [];
        for (int i = 0; i < segments.Count; i++)
        {
            long? expected = i + 1 < segments.Count ? segments[i + 1].Base - segments[i].Base : null;
            damages.AddRange(SegmentScan.Run(segments[i], expected));
        }

        return damages;
    });

    /// <summary>Repairs every damage. Bytes taken out go to a file each under <see cref="RemovedFolder"/> first; what is
    /// whole stays at its position.</summary>
    /// <param name="folder">The log's folder, which no process writes.</param>
    /// <returns>What was damaged, and where its bytes are kept.</returns>
    /// <exception cref="TandemException">EVT005: a segment is of another version; EVT006: a process writes the log;
    /// EVT008: the disk failed; EVT017: the folder is the copy of a broker's stream, which has the events
    /// whole.</exception>
    /// <remarks>Killed at any moment it leaves each segment as it was or repaired; running it again finishes.</remarks>
    public static IReadOnlyList<JournalDamage> Run(string folder) => Guard(folder, () =>
    {
        using var writerLock = WriterLock.Take(folder);
        IReadOnlyList<JournalDamage> damages = Find(folder);
        if (damages.Count > 0 && StreamMirror.IsIn(folder))
        {
            throw EventErrors.DamageInCopy(folder);
        }

        List<JournalDamage> repaired = [];
        foreach (IGrouping<string, JournalDamage> segment in
            damages.GroupBy(static damage => damage.Path, StringComparer.Ordinal))
        {
            JournalDamage[] kept = [.. segment.Select(damage => damage with { KeptAt = Keep(folder, damage) })];
            Rewrite(segment.Key, kept);
            repaired.AddRange(kept);
        }

        return repaired;
    });

    private static string? Keep(string folder, JournalDamage damage)
    {
        byte[] bytes = new byte[damage.Length];
        using (SafeFileHandle file = File.OpenHandle(damage.Path))
        {
            bytes = bytes[..ReadWhole(file, bytes, damage.Offset)];
        }

        if (bytes.Length == 0)
        {
            return null;
        }

        string removed = Path.Combine(folder, RemovedFolder);
        Directory.CreateDirectory(removed);
        string name = Path.GetFileNameWithoutExtension(damage.Path);
        string path = Path.Combine(
            removed, string.Create(CultureInfo.InvariantCulture, $"{name}-{damage.Offset}-{Crc32C.Of(bytes):x8}.bytes"));
        WriteWhole(path, bytes);
        return path;
    }

    // Under a name of its own first: a reader or a crash meets the old segment or the new one.
    private static void Rewrite(string path, JournalDamage[] damages)
    {
        string draft = path + DraftExtension;
        File.Copy(path, draft, overwrite: true);
        using (SafeFileHandle file = File.OpenHandle(draft, FileMode.Open, FileAccess.ReadWrite))
        {
            foreach (JournalDamage damage in damages)
            {
                Mend(file, path, damage);
            }

            RandomAccess.FlushToDisk(file);
        }

        File.Move(draft, path, overwrite: true);
        DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
    }

    private static void Mend(SafeFileHandle file, string path, JournalDamage damage)
    {
        switch (damage.Kind)
        {
            case JournalDamageKind.Header:
                long start = long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture);
                RandomAccess.Write(file, SegmentHeader.Write(start), 0);
                break;
            case JournalDamageKind.Lines:
                byte[] gap = new byte[damage.Length];
                JournalGap.Fill(gap, "damaged");
                RandomAccess.Write(file, gap, damage.Offset);
                break;
            default:
                RandomAccess.SetLength(file, damage.Offset);
                break;
        }
    }

    private static int ReadWhole(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        int count = 0;
        while (count < bytes.Length && RandomAccess.Read(file, bytes[count..], offset + count) is > 0 and int read)
        {
            count += read;
        }

        return count;
    }

    private static void WriteWhole(string path, byte[] bytes)
    {
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, bytes, 0);
            RandomAccess.FlushToDisk(file);
        }

        DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
    }

    private static T Guard<T>(string folder, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EventErrors.DiskFailed("Looking into the raw log", folder, e);
        }
    }
}
