using Tandem.Events;
using Tandem.Lake;
using Tandem.Storage;

namespace Tandem.CrashProbe;

/// <summary>Erases a person from a lake and its journal, and says a line before every change of the store, so that a
/// test can kill it near any of them.</summary>
internal static class EraseProbe
{
    /// <summary>Runs until the process is killed; says <c>done</c> again and again when there is nothing left.</summary>
    /// <param name="store">The lake's store.</param>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="id">The person's id.</param>
    public static async Task RunAsync(string store, string folder, string id)
    {
        await using FileJournal journal = await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = folder }, TimeProvider.System);
        using ParquetLake lake = await ParquetLake.OpenAsync(
            new TalkingStore(new FolderStore(store)),
            [new LakeTable { Name = "probe", Entities = ["user"], Columns = [new LakeColumn("n", LakeType.Whole)] }],
            new LakeOptions { MemoryBytes = 128L << 20 });
        ErasedPerson person = new("user", id);
        await Acknowledgement.SayAsync("open");
        await lake.EraseAsync(person);
        foreach (JournalSegment segment in await journal.ClosedSegmentsAsync(journal.Begin))
        {
            await Acknowledgement.SayAsync($"segment {segment.Start}");
            await SegmentErasure.RunAsync(folder, [segment], person, isDryRun: false);
        }

        while (true)
        {
            await Acknowledgement.SayAsync("done");
        }
    }
}
