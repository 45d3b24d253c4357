using System.Globalization;
using Tandem.Lake;
using Tandem.Storage;

namespace Tandem.CrashProbe;

/// <summary>Merges a lake's small files, one merged file a manifest, or vacuums it, and says a line before every change
/// of the store, so that a test can kill it near any of them.</summary>
internal static class MergeProbe
{
    /// <summary>Merges until the process is killed; says <c>done</c> again and again when there is nothing
    /// left.</summary>
    /// <param name="store">The lake's store.</param>
    public static Task MergeAsync(string store) => RunAsync(store, static lake => lake.MergeAsync());

    /// <summary>Vacuums down to the newest manifest and a pinned one until the process is killed; says <c>done</c>
    /// again and again when there is nothing left.</summary>
    /// <param name="store">The lake's store.</param>
    /// <param name="pinned">Number of the pinned manifest.</param>
    public static Task VacuumAsync(string store, string pinned) => RunAsync(store, lake => lake.VacuumAsync(
        new LakeRetention { Pinned = new HashSet<long> { long.Parse(pinned, CultureInfo.InvariantCulture) } }));

    private static async Task RunAsync(string store, Func<ParquetLake, Task> work)
    {
        using ParquetLake lake = await ParquetLake.OpenAsync(
            new TalkingStore(new FolderStore(store)),
            [new LakeTable { Name = "probe", Entities = ["user"], Columns = [new LakeColumn("n", LakeType.Whole)] }],
            new LakeOptions { BatchBytes = 1, MemoryBytes = 128L << 20 });
        await Acknowledgement.SayAsync("open");
        await work(lake);
        while (true)
        {
            await Acknowledgement.SayAsync("done");
        }
    }
}
