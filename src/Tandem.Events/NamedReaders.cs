using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Tandem.Faults;
using Tandem.Storage;
using Tandem.Storage.Native;

namespace Tandem.Events;

/// <summary>The readers outside of the writing process, each a small file beside the segments:
/// <c>docs/formats/journal.md</c> gives its bytes.</summary>
/// <remarks>Any process may change them while another one writes the log. A lock on a file of its own sees to it that
/// what a reader is promised is not being removed.</remarks>
public static class NamedReaders
{
    /// <summary>Folder, beside the segments, of the readers.</summary>
    public const string ReadersFolder = "readers";

    private const string Format = "tandem.reader";
    private const string LockName = "readers.lock";
    private const int LongestName = 64;
    private const int LockTries = 1000;

    private static readonly TimeSpan LockWait = TimeSpan.FromMilliseconds(10);

    /// <summary>Lists the readers of a log, by name.</summary>
    /// <param name="folder">The log's folder.</param>
    /// <exception cref="TandemException">EVT008: the disk failed; EVT014: a reader's file cannot be read.</exception>
    public static IReadOnlyList<NamedReader> List(string folder)
    {
        try
        {
            string readers = Path.Combine(folder, ReadersFolder);
            return Directory.Exists(readers)
                ? [.. Directory.GetFiles(readers, "*.json").Order(StringComparer.Ordinal).Select(Read)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EventErrors.DiskFailed("Reading the log's readers", folder, e);
        }
    }

    /// <summary>Adds a reader, or moves one: from now on nothing at or behind its position is removed.</summary>
    /// <param name="folder">The log's folder.</param>
    /// <param name="name">Its name: 1 to 64 letters, digits, <c>-</c> and <c>_</c>.</param>
    /// <param name="position">Where it reads on; null for the first position that is kept.</param>
    /// <param name="now">Noted with it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TandemException">EVT007: the position is not kept; EVT008: the disk failed; EVT014: the name
    /// cannot be one, or the readers are locked for long.</exception>
    public static async Task<NamedReader> SetAsync(
        string folder, string name, JournalPosition? position, DateTimeOffset now,
        CancellationToken cancellationToken = default)
    {
        string path = PathOf(folder, name);
        using SafeFileHandle gate = await LockAsync(folder, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<JournalListing> segments = JournalListing.Read(folder);
        JournalPosition begin = segments.Count > 0 ? segments[0].Start : default;
        JournalPosition end = segments.Count > 0 ? new(segments[^1].Start.Offset + segments[^1].Bytes) : default;
        NamedReader reader = new(name, position ?? begin, now);
        if (reader.Position.CompareTo(begin) < 0 || reader.Position.CompareTo(end) > 0)
        {
            throw EventErrors.PositionNotKept(reader.Position, begin, end);
        }

        try
        {
            Write(path, reader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EventErrors.DiskFailed("Writing a reader", path, e);
        }

        return reader;
    }

    /// <summary>Removes a reader: it holds nothing back any more.</summary>
    /// <param name="folder">The log's folder.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False where there is none of this name.</returns>
    /// <exception cref="TandemException">EVT008: the disk failed; EVT014: the name cannot be one, or the readers are
    /// locked for long.</exception>
    public static async Task<bool> RemoveAsync(
        string folder, string name, CancellationToken cancellationToken = default)
    {
        string path = PathOf(folder, name);
        using SafeFileHandle gate = await LockAsync(folder, cancellationToken).ConfigureAwait(false);
        try
        {
            if (!File.Exists(path))
            {
                return false;
            }

            File.Delete(path);
            DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EventErrors.DiskFailed("Removing a reader", path, e);
        }
    }

    /// <summary>Keeps readers and segments as they are until it is disposed: a file that one handle holds at a
    /// time.</summary>
    internal static async Task<SafeFileHandle> LockAsync(string folder, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, LockName);
        for (int tries = 1; ; tries++)
        {
            try
            {
                return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (File.Exists(path))
            {
                if (tries == LockTries)
                {
                    throw EventErrors.ReadersLocked(path, e);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw EventErrors.DiskFailed("Locking the log's readers", path, e);
            }

            await Task.Delay(LockWait, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string PathOf(string folder, string name) => IsName(name)
        ? Path.Combine(folder, ReadersFolder, name + ".json")
        : throw EventErrors.ReaderName(name);

    private static NamedReader Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            if (JsonFormat.ReadVersion(bytes, Format, out string found) != 1)
            {
                throw EventErrors.ReaderDamaged(path, $"its format is '{found}'");
            }

            using var json = JsonDocument.Parse(bytes);
            return new NamedReader(
                Path.GetFileNameWithoutExtension(path),
                new JournalPosition(json.RootElement.GetProperty("position").GetInt64()),
                json.RootElement.GetProperty("moved").GetDateTimeOffset());
        }
        catch (Exception e) when (
            e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw EventErrors.ReaderDamaged(path, e.Message.TrimEnd('.'));
        }
    }

    private static void Write(string path, NamedReader reader)
    {
        string readers = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(readers))
        {
            Directory.CreateDirectory(readers);
            DirectoryFlush.Flush(Path.GetDirectoryName(readers)!);
        }

        byte[] json = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"format\":\"{Format}/1\",\"position\":{reader.Position.Offset},\"moved\":\"{reader.Moved.UtcDateTime:O}\"}}\n"));
        string draft = path + ".draft";
        using (FileStream file = new(draft, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(json);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
        DirectoryFlush.Flush(readers);
    }

    private static bool IsName(string name) => name.Length is >= 1 and <= LongestName
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
