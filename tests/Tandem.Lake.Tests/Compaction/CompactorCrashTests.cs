using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Lake.Tests.Compaction;

public sealed class CompactorCrashTests
{
    private const int KillCount = 20;
    private const int EventCount = 900;
    private const int Seed = 20260202;

    private static readonly LakeTable Probe = new()
    {
        Name = "probe",
        Entities = ["user"],
        Columns = [new("n", LakeType.Whole)],
    };

    /// <summary>Kills a compacting process again and again at moments a seed chooses. After every kill the lake holds each
    /// event before its end exactly once, and nothing else.</summary>
    [Fact]
    public async Task Compact_KilledTwentyTimes_HoldsEveryEventOnce()
    {
        using TestFolder folder = new();
        Random random = new(Seed);
        List<(string Id, long N, long End)> sent = await WriteJournalAsync(folder["journal"], random);
        FolderStore store = new(folder["store"]);

        for (int kill = 0; kill < KillCount; kill++)
        {
            using (var probe = ProbeProcess.Start("compact", folder["store"], folder["journal"]))
            {
                await probe.ReadAsync(1 + random.Next(10));
                await probe.KillAsync();
            }

            using ParquetLake lake = await ParquetLake.OpenAsync(store, [Probe]);
            using LakeSnapshot snapshot = await lake.SnapshotAsync();
            Assert.True(
                Expected(sent, snapshot.Manifest.To.Offset).SetEquals(Rows(snapshot)), $"Seed {Seed}, kill {kill}.");
        }

        await FinishAsync(store, folder["journal"], sent);
    }

    private static async Task FinishAsync(FolderStore store, string journalFolder, List<(string Id, long N, long End)> sent)
    {
        await using FileJournal journal = await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = journalFolder }, TimeProvider.System);
        using ParquetLake lake = await ParquetLake.OpenAsync(store, [Probe]);
        await lake.CompactAsync(journal);

        // Files for a number that was free at the last kill fall to the compaction behind the one that took it.
        await journal.AppendAsync([new EventRecord { Id = "last", Type = "probe" }]);
        await lake.CompactAsync(journal);
        await lake.CompactAsync(journal);
        using LakeSnapshot snapshot = await lake.SnapshotAsync();

        HashSet<(string, long)> expected = Expected(sent, long.MaxValue);
        expected.Add(("last", 0));
        Assert.True(expected.SetEquals(Rows(snapshot)));
        Assert.Equal(
            snapshot.Manifest.Tables[0].Parts.Select(static part => part.Key).Order(StringComparer.Ordinal),
            (await store.ListAsync("events/").ToListAsync()).Select(static entry => entry.Key),
            StringComparer.Ordinal);

        // The living owner's, and no other with anything in it: a kill right behind its making leaves an empty one.
        Assert.Single(
            Directory.GetDirectories(store.StagingFolder),
            static work => Directory.EnumerateFileSystemEntries(work).Any());
    }

    private static async Task<List<(string Id, long N, long End)>> WriteJournalAsync(string folder, Random random)
    {
        FileJournalOptions options = new()
        {
            Folder = folder,
            SegmentBytes = 4096,
            Durability = Durability.None,
            RememberedIdCount = 0,
        };
        await using FileJournal journal = await FileJournal.OpenAsync(options, TimeProvider.System);
        List<(string Id, long N, long End)> sent = [];
        for (int n = 1; n <= EventCount; n++)
        {
            // Every tenth repeats an id, near or far.
            int number = n % 10 == 0 ? 1 + random.Next(n) : n;
            string id = string.Create(CultureInfo.InvariantCulture, $"e{number}");
            JournalPosition end = await journal.AppendAsync(
            [
                new EventRecord
                {
                    Id = id,
                    Type = "probe",
                    Entities = [new EntityKey("user", $"u{n % 5}")],
                    EventTime = DateTimeOffset.UnixEpoch.AddHours(n),
                    Data = Encoding.UTF8.GetBytes($$"""{"n":{{n}}}"""),
                },
            ]);
            sent.Add((id, n, end.Offset));
        }

        return sent;
    }

    private static HashSet<(string Id, long N)> Expected(List<(string Id, long N, long End)> sent, long to)
    {
        Dictionary<string, long> first = new(StringComparer.Ordinal);
        foreach ((string id, long n, long end) in sent)
        {
            if (end <= to)
            {
                first.TryAdd(id, n);
            }
        }

        return [.. first.Select(static pair => (pair.Key, pair.Value))];
    }

    private static List<(string Id, long N)> Rows(LakeSnapshot snapshot)
    {
        List<(string, long)> rows = [];
        using LakeReader reader = snapshot.Scan(new LakeQuery { Table = "probe", Columns = ["event_id", "n"] });
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                rows.Add((reader.Text(0, row)!, reader.IsNull(1, row) ? 0 : reader.Wholes(1)[row]));
            }
        }

        Assert.Equal(rows.Count, rows.Distinct().Count());
        return rows;
    }
}
