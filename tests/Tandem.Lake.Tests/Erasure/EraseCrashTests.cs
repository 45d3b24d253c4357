using System.Globalization;
using Tandem.Events;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Lake.Tests.Erasure;

public sealed class EraseCrashTests
{
    private const int KillCount = 15;
    private const int EventCount = 400;
    private const int Seed = 20260802;

    private static readonly LakeTable Probe = new()
    {
        Name = "probe",
        Entities = ["user"],
        Columns = [new("n", LakeType.Whole)],
    };

    /// <summary>Kills an erasing process again and again. After every kill each manifest holds every row of the others
    /// and none twice, and the log opens; when one run is left in peace, nobody finds the person.</summary>
    [Fact]
    public async Task Erase_KilledAgainAndAgain_KeepsTheOthersAndFinishes()
    {
        using TestFolder folder = new();
        FolderStore store = new(folder["store"]);
        await FillAsync(folder["journal"], store);
        Random random = new(Seed);
        for (int kill = 0; kill < KillCount; kill++)
        {
            using (var probe = ProbeProcess.Start("erase", folder["store"], folder["journal"], "u3"))
            {
                await probe.ReadAsync(1 + random.Next(60));
                await probe.KillAsync();
            }

            await CheckAsync(store, allowed: ["u3"], $"Seed {Seed}, kill {kill}.");
        }

        ErasedPerson person = new("user", "u3");
        await using FileJournal journal = await OpenAsync(folder["journal"]);
        using ParquetLake lake = await ParquetLake.OpenAsync(store, [Probe]);
        await lake.EraseAsync(person);
        IReadOnlyList<JournalSegment> segments = await journal.ClosedSegmentsAsync(journal.Begin);
        await SegmentErasure.RunAsync(folder["journal"], segments, person, isDryRun: false);

        await CheckAsync(store, allowed: [], $"Seed {Seed}, finished.");
        int lines = 0;
        await foreach (JournalBatch batch in journal.ReadAsync(journal.Begin))
        {
            lines += batch.Events.Count;
            Assert.DoesNotContain(batch.Events, static e => e.Entities.Any(static key => key.Id == "u3"));
        }

        Assert.Equal(EventCount * 4 / 5, lines);
    }

    private static async Task CheckAsync(FolderStore store, string[] allowed, string because)
    {
        using ParquetLake lake = await ParquetLake.OpenAsync(store, [Probe]);
        using LakeSnapshot latest = await lake.SnapshotAsync();
        for (long number = 1; number <= latest.Manifest.Number; number++)
        {
            using LakeSnapshot snapshot = await lake.SnapshotAsync(number);
            List<(string User, long N)> rows = [];
            using LakeReader reader = snapshot.Scan(new LakeQuery { Table = "probe", Columns = ["user", "n"] });
            while (reader.Read())
            {
                for (int row = 0; row < reader.RowCount; row++)
                {
                    rows.Add((reader.Text(0, row)!, reader.Wholes(1)[row]));
                }
            }

            long end = number * EventCount / 4;
            long[] others = [.. rows.Where(static row => row.User != "u3").Select(static row => row.N).Order()];
            Assert.True(others.SequenceEqual(Enumerable.Range(0, (int)end).Select(static n => (long)n)
                .Where(static n => n % 5 != 3)), because);
            Assert.True(rows.All(row => row.User != "u3" || allowed.Contains(row.User)), because);
            Assert.Equal(rows.Count, snapshot.Manifest.RowCount);
        }
    }

    private static async Task FillAsync(string folder, FolderStore store)
    {
        await using FileJournal journal = await OpenAsync(folder);
        using ParquetLake lake = await ParquetLake.OpenAsync(store, [Probe]);
        for (int n = 0; n < EventCount; n++)
        {
            await journal.AppendAsync(
            [
                new EventRecord
                {
                    Id = string.Create(CultureInfo.InvariantCulture, $"e{n}"),
                    Type = "probe",
                    Entities = [new EntityKey("user", $"u{n % 5}")],
                    EventTime = DateTimeOffset.UnixEpoch.AddHours(n),
                    Data = System.Text.Encoding.UTF8.GetBytes($$"""{"n":{{n}}}"""),
                },
            ]);
            if ((n + 1) % (EventCount / 4) == 0)
            {
                await lake.CompactAsync(journal);
            }
        }
    }

    private static async Task<FileJournal> OpenAsync(string folder) => await FileJournal.OpenAsync(
        new FileJournalOptions { Folder = folder, SegmentBytes = 4096, Durability = Durability.None },
        TimeProvider.System);
}
