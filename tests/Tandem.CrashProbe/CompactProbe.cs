using Tandem.Events;
using Tandem.Lake;
using Tandem.Storage;

namespace Tandem.CrashProbe;

/// <summary>Compacts a journal into a lake, one segment a manifest, and says a line before every change of the store, so
/// that a test can kill it near any of them.</summary>
internal static class CompactProbe
{
    /// <summary>Runs until the process is killed; says <c>done</c> again and again when there is nothing left.</summary>
    /// <param name="store">The lake's store.</param>
    /// <param name="folder">The journal's folder.</param>
    public static async Task RunAsync(string store, string folder)
    {
        await using FileJournal journal = await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = folder }, TimeProvider.System);
        using ParquetLake lake = await ParquetLake.OpenAsync(
            new TalkingStore(new FolderStore(store)),
            [new LakeTable { Name = "probe", Entities = ["user"], Columns = [new LakeColumn("n", LakeType.Whole)] }],
            new LakeOptions { BatchBytes = 1, MemoryBytes = 128L << 20 });
        await Acknowledgement.SayAsync("open");
        await lake.CompactAsync(journal);
        while (true)
        {
            await Acknowledgement.SayAsync("done");
        }
    }
}
