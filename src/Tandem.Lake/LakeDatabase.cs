using System.Globalization;
using Tandem.Lake.Native;

namespace Tandem.Lake;

/// <summary>Opens the engine as the lake wants it: in memory, offline, within its limits.</summary>
internal static class LakeDatabase
{
    /// <summary>Opens a database in memory.</summary>
    /// <param name="options">Memory and threads.</param>
    /// <param name="spillFolder">Where it spills what does not fit; empty for nowhere.</param>
    public static DuckDatabase Open(LakeOptions options, string spillFolder)
    {
        var database = DuckDatabase.Open(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["autoinstall_known_extensions"] = "false",
            ["autoload_known_extensions"] = "false",
            ["memory_limit"] = string.Create(CultureInfo.InvariantCulture, $"{options.MemoryBytes / 1024}KiB"),
            ["threads"] = options.Threads.ToString(CultureInfo.InvariantCulture),
            ["temp_directory"] = spillFolder,
            ["preserve_insertion_order"] = "true",
        });
        using DuckConnection connection = database.Connect();
        connection.Execute("set global TimeZone = 'UTC'", CancellationToken.None);
        return database;
    }
}
