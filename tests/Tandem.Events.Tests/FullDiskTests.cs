using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Events.Tests;

/// <summary>A disk that becomes full, at every place where the log writes: the error is clear, reading goes on, and so does
/// writing once there is room.</summary>
public sealed class FullDiskTests
{
    // Steps of the room that is left: less than a page of the file system, so that each place of a segment is met.
    private const int StepBytes = 3000;
    private const int StepCount = 24;

    [SmallDiskFact]
    public async Task Append_OnADiskThatFills_LosesNothingAndGoesOnOnceThereIsRoom()
    {
        using var disk = SmallDisk.Mount(kilobytes: 256);
        for (int step = 0; step < StepCount; step++)
        {
            await File.WriteAllBytesAsync(disk["ballast"], new byte[(64 * 1024) + (step * StepBytes)]);
            FileJournalOptions options = new() { Folder = disk["log"], SegmentBytes = 16 * 1024 };
            await using (FileJournal journal = await FileJournal.OpenAsync(options, TimeProvider.System))
            {
                int acknowledged = await FillAsync(journal);
                TandemException again = await Assert.ThrowsAsync<TandemException>(async () =>
                    await journal.AppendAsync(Batch(acknowledged)));
                Assert.Equal(("EVT012", FaultKind.Unavailable), (again.Fault.Code, again.Fault.Kind));
                Assert.Equal(Ids(acknowledged), await ReadAsync(journal));

                File.Delete(disk["ballast"]);
                await journal.AppendAsync(Batch(acknowledged));
                await journal.SealAsync();

                Assert.Equal(Ids(acknowledged + 1), await ReadAsync(journal));
            }

            Assert.Empty(JournalRepair.Find(options.Folder));
            Directory.Delete(options.Folder, recursive: true);
        }
    }

    [SmallDiskFact]
    public async Task Open_OnAFullDisk_ReadsAndRefusesToAppend()
    {
        using var disk = SmallDisk.Mount(kilobytes: 256);
        FileJournalOptions options = new() { Folder = disk["log"] };
        await using (FileJournal journal = await FileJournal.OpenAsync(options, TimeProvider.System))
        {
            await journal.AppendAsync(Batch(0));
        }

        File.Delete(disk["log/writer.pid"]);
        disk.Fill("ballast");

        // The last page of the segment may still have room; what does not fit into it is refused whole.
        await using FileJournal again = await FileJournal.OpenAsync(options, TimeProvider.System);
        int acknowledged = await FillAsync(again, first: 1);

        Assert.Equal(Ids(acknowledged), await ReadAsync(again));
    }

    // Appends until the disk refuses; returns how many batches are in the log then.
    private static async Task<int> FillAsync(FileJournal journal, int first = 0)
    {
        for (int count = first; ; count++)
        {
            try
            {
                await journal.AppendAsync(Batch(count));
            }
            catch (TandemException e) when (e.Fault.Code == "EVT012")
            {
                return count;
            }
        }
    }

    private static EventRecord[] Batch(int number) =>
        [.. Samples.Many(number * 7, 7).Select(record => record with { Data = Filling })];

    private static byte[] Filling { get; } = Samples.Json($$"""{"filling":"{{new string('x', 500)}}"}""");

    private static string Ids(int batches) => Samples.Ids(Samples.Many(0, batches * 7));

    private static async Task<string> ReadAsync(FileJournal journal) =>
        Samples.Ids(await journal.ReadAsync(journal.Begin).SelectMany(batch => batch.Events).ToListAsync());
}
