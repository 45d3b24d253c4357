using Tandem.Storage.Native;

namespace Tandem.Storage;

/// <summary>Translates object names to paths below one folder, and walks them in order of name.</summary>
internal sealed class FolderPaths(string root)
{
    /// <summary>The folder, as a full path without a separator at its end.</summary>
    public string Root { get; } = Path.TrimEndingDirectorySeparator(root);

    /// <summary>The path of a name; throws STO001 where the name is not allowed or passes through a link.</summary>
    public string Resolve(string key)
    {
        ObjectKey.Validate(key);
        string path = Root;
        foreach (Range part in key.AsSpan().Split('/'))
        {
            path = Path.Join(path, key.AsSpan()[part]);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw StorageErrors.KeyNotAllowed(key, $"'{path}' is a symbolic link");
            }
        }

        return path;
    }

    /// <summary>Makes a folder, flushing each new entry into the folder that holds it.</summary>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(folder);
        if (parent is not null)
        {
            CreateFolder(parent);
        }

        Directory.CreateDirectory(folder);
        if (parent is not null)
        {
            DirectoryFlush.Flush(parent);
        }
    }

    /// <summary>Files whose names begin with a prefix, in ordinal order of the whole name.</summary>
    public IEnumerable<(string Key, FileInfo File)> Walk(string prefix)
    {
        int slash = prefix.LastIndexOf('/');
        if (slash < 0)
        {
            return WalkFolder(new DirectoryInfo(Root), "", prefix);
        }

        DirectoryInfo folder = new(Resolve(prefix[..slash]));
        return WalkFolder(folder, prefix[..(slash + 1)], prefix);
    }

    private static IEnumerable<(string Key, FileInfo File)> WalkFolder(
        DirectoryInfo folder, string above, string prefix)
    {
        foreach ((string key, FileSystemInfo entry) in SortedEntries(folder, above, prefix))
        {
            if (entry is FileInfo file)
            {
                yield return (key, file);
                continue;
            }

            foreach ((string Key, FileInfo File) inner in WalkFolder((DirectoryInfo)entry, key, prefix))
            {
                yield return inner;
            }
        }
    }

    // A folder sorts as its name with '/' behind it, which is how the names of its files compare with its neighbours.
    private static List<(string Key, FileSystemInfo Entry)> SortedEntries(
        DirectoryInfo folder, string above, string prefix)
    {
        List<(string Key, FileSystemInfo Entry)> entries = [];
        if (!folder.Exists)
        {
            return entries;
        }

        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos("*", Listing))
        {
            string key = entry is DirectoryInfo ? $"{above}{entry.Name}/" : above + entry.Name;
            bool matches = key.StartsWith(prefix, StringComparison.Ordinal) ||
                (entry is DirectoryInfo && prefix.StartsWith(key, StringComparison.Ordinal));
            if (matches && ObjectKey.IsPart(entry.Name))
            {
                entries.Add((key, entry));
            }
        }

        entries.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return entries;
    }

    private static EnumerationOptions Listing => new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        MatchType = MatchType.Simple,
        ReturnSpecialDirectories = false,
    };
}
