using System.IO.Compression;
using Tandem.Lake;

namespace Tandem.Workspace.Import;

/// <summary>A file of a source, inside the data folder.</summary>
/// <param name="Part">Part of the data: <c>train</c>, <c>test</c> or <c>all</c>.</param>
/// <param name="Name">Name in tandem.yaml, relative to the data folder.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">Its length on disk.</param>
/// <param name="IsZstd">True where it is packed with zstd.</param>
/// <param name="Entry">Its name within the zip archive at <paramref name="Path"/>; null where it is a file itself.</param>
internal sealed record DataFile(string Part, string Name, string Path, long Bytes, bool IsZstd, string? Entry = null)
{
    private const string ZipEnding = ".zip";

    // What every zstd frame begins with (RFC 8878).
    private static ReadOnlySpan<byte> ZstdMark => [0x28, 0xB5, 0x2F, 0xFD];

    /// <summary>Finds a file; names and links that lead outside the folder are refused.</summary>
    /// <exception cref="Tandem.Faults.TandemException">WSP102: it leads outside; WSP103: there is none;
    /// WSP107: it is packed with zstd, and nothing here unpacks that.</exception>
    public static DataFile Find(string folder, string part, string name, string format)
    {
        string root = System.IO.Path.GetFullPath(folder);
        string path = System.IO.Path.GetFullPath(name, root);
        if (!IsInside(root, path))
        {
            throw ImportErrors.NameLeavesFolder(name, root);
        }

        string? entry = null;
        int archive = path.IndexOf(ZipEnding + System.IO.Path.DirectorySeparatorChar, StringComparison.OrdinalIgnoreCase);
        if (archive >= 0 && File.Exists(path[..(archive + ZipEnding.Length)]))
        {
            entry = path[(archive + ZipEnding.Length + 1)..];
            path = path[..(archive + ZipEnding.Length)];
        }

        FileInfo file = new(path);
        if (!file.Exists)
        {
            throw ImportErrors.FileMissing(path);
        }

        // The folder itself may be a link, and so may anything in it, as long as it stays inside.
        string realRoot = RealPath(root);
        if (!IsInside(realRoot, RealPath(path)))
        {
            throw ImportErrors.NameLeavesFolder(name, root);
        }

        bool isZstd = (EndsWith(name, ".zst") && entry is null) || BeginsAsZstd(path);
        return isZstd && (format == "parquet" || !ZstdStream.IsSupported)
            ? throw ImportErrors.PackedWithZstd(path)
            : new DataFile(part, name, path, file.Length, isZstd, entry);
    }

    /// <summary>Opens the file, unpacking it where it is packed with zstd, its name ends in <c>.gz</c>, or it
    /// lies in a zip archive.</summary>
    /// <param name="onDisk">The stream of the bytes as they lie on disk, to tell how far reading has come.</param>
    public Stream Open(out Stream onDisk)
    {
        onDisk =
            new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return Entry is not null ? OpenEntry(onDisk)
            : IsZstd ? new ZstdStream(onDisk)
            : EndsWith(Name, ".gz") ? new GZipStream(onDisk, CompressionMode.Decompress)
            : onDisk;
    }

    private ArchivedStream OpenEntry(Stream onDisk)
    {
        ZipArchive archive = new(onDisk, ZipArchiveMode.Read);
        if (archive.GetEntry(Entry!.Replace(System.IO.Path.DirectorySeparatorChar, '/')) is { } entry)
        {
            return new ArchivedStream(archive, entry.Open());
        }

        archive.Dispose();
        throw ImportErrors.FileMissing($"{Path}/{Entry}");
    }

    private static bool EndsWith(string name, string ending) =>
        name.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    // By its first bytes: a name may say anything.
    private static bool BeginsAsZstd(string path)
    {
        Span<byte> first = stackalloc byte[ZstdMark.Length];
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) == first.Length &&
            first.SequenceEqual(ZstdMark);
    }

    private static bool IsInside(string root, string path)
    {
        string folder = System.IO.Path.TrimEndingDirectorySeparator(root) + System.IO.Path.DirectorySeparatorChar;
        return path.StartsWith(folder, StringComparison.Ordinal);
    }

    // Follows every link on the way, from the first part to the last.
    private static string RealPath(string path)
    {
        string real = System.IO.Path.GetPathRoot(path)!;
        foreach (string part in path[real.Length..].Split(System.IO.Path.DirectorySeparatorChar))
        {
            FileInfo entry = new(System.IO.Path.Join(real, part));
            real = entry.LinkTarget is null
                ? entry.FullName
                : RealPath(entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? entry.FullName);
        }

        return real;
    }
}
