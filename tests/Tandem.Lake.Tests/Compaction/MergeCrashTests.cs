using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Lake.Tests.Compaction;

public sealed class MergeCrashTests
{
    private const int EventCount = 600;
    private const int Seed = 20260911;

    private static readonly int KillCount = int.Parse(
        Environment.GetEnvironmentVariable("TANDEM_KILLS") ?? "10", CultureInfo.InvariantCulture);

    private static readonly LakeTable Probe = new()
    {
        Name = "probe",
        Entities = ["user"],
        Columns = [new("n", LakeType.Whole)],
    };

    /// <summary>Kills a merging process again and again, then a vacuuming one. After every kill each manifest that is
    /// there holds each event before its end exactly once, and nothing else.</summary>
    [Fact]
    public async Task MergeAndVacuum_KilledAgainAndAgain_KeepEveryManifestWhole()
    {
        using TestFolder folder = new();
        FolderStore store = new(folder["store"]);
        Random random = new(Seed);
        List<long> ends = await FillAsync(folder["journal"], store);
        LakeManifest compacted = await LatestAsync(store);

        for (int kill = 0; kill < KillCount; kill++)
        {
            await KillAsync(random, 8, "merge", folder["store"]);
            LakeManifest latest = await LatestAsync(store);
            long older = 1 + random.Next((int)latest.Number);
            await CheckAsync(store, ends, [1, older, compacted.Number, latest.Number], $"Seed {Seed}, merge {kill}.");
        }

        LakeManifest merged = await FinishMergeAsync(folder["journal"], store, ends);
        Assert.True(merged.Number > compacted.Number && Files(merged) < Files(compacted));
        long pinned = 1 + random.Next((int)compacted.Number - 1);
        for (int kill = 0; kill < KillCount; kill++)
        {
            await KillAsync(random, 12, "vacuum", folder["store"], $"{pinned}");
            List<long> left = await NumbersAsync(store);
            Assert.Contains(pinned, left);
            Assert.Contains(merged.Number, left);
            await CheckAsync(
                store, ends, [pinned, left[random.Next(left.Count)], merged.Number], $"Seed {Seed}, vacuum {kill}.");
        }

        using ParquetLake lake = await ParquetLake.OpenAsync(store, [Probe]);
        await lake.VacuumAsync(new LakeRetention { Pinned = new HashSet<long> { pinned } });

        Assert.Equal([pinned, merged.Number], await NumbersAsync(store));
        await CheckAsync(store, ends, [pinned, merged.Number], $"Seed {Seed}, finished.");
        await CheckFilesAsync(store);
    }

    private static async Task KillAsync(Random random, int most, params string[] arguments)
    {
        using var probe = ProbeProcess.Start(arguments);
        await probe.ReadAsync(1 + random.Next(most));
        await probe.KillAsync();
    }

    /// <summary>Merges what is left, and compacts twice: files for the number that was free at the last kill fall to
    /// the compaction behind the manifest that took it.</summary>
    private static async Task<LakeManifest> FinishMergeAsync(string journalFolder, FolderStore store, List<long> ends)
    {
        await using FileJournal journal = await OpenAsync(journalFolder);
        using ParquetLake lake = await ParquetLake.OpenAsync(store, [Probe]);
        await lake.MergeAsync();
        await AppendAsync(journal, ends);
        await lake.CompactAsync(journal);
        LakeManifest merged = await lake.CompactAsync(journal);
        await CheckFilesAsync(store);
        return merged;
    }

    private static async Task<List<long>> FillAsync(string journalFolder, FolderStore store)
    {
        await using FileJournal journal = await OpenAsync(journalFolder);
        List<long> ends = [];
        for (int n = 0; n < EventCount; n++)
        {
            await AppendAsync(journal, ends);
        }

        using ParquetLake lake = await ParquetLake.OpenAsync(
            store, [Probe], new LakeOptions { BatchBytes = 1, MemoryBytes = 128L << 20 });
        await lake.CompactAsync(journal);
        return ends;
    }

    private static async Task AppendAsync(FileJournal journal, List<long> ends)
    {
        int n = ends.Count;
        JournalPosition end = await journal.AppendAsync(
        [
            new EventRecord
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"e{n}"),
                Type = "probe",
                Entities = [new EntityKey("user", $"u{n % 5}")],
                EventTime = DateTimeOffset.UnixEpoch.AddHours(n % 7 * 24),
                Data = Encoding.UTF8.GetBytes($$"""{"n":{{n}}}"""),
            },
        ]);
        ends.Add(end.Offset);
    }

    private static async Task CheckAsync(
        FolderStore store, List<long> ends, IEnumerable<long> manifests, string because)
    {
        using ParquetLake lake = await ParquetLake.OpenAsync(store, [Probe]);
        foreach (long number in manifests)
        {
            using LakeSnapshot snapshot = await lake.SnapshotAsync(number);
            List<long> rows = [];
            using LakeReader reader = snapshot.Scan(new LakeQuery { Table = "probe", Columns = ["n"] });
            while (reader.Read())
            {
                rows.AddRange(reader.Wholes(0)[..reader.RowCount]);
            }

            int expected = ends.Count(end => end <= snapshot.Manifest.To.Offset);
            Assert.True(
                rows.Order().SequenceEqual(Enumerable.Range(0, expected).Select(static n => (long)n)),
                $"{because} Manifest {number}.");
        }
    }

    /// <summary>Every file is named by a manifest that is there, and every name has its file.</summary>
    private static async Task CheckFilesAsync(FolderStore store)
    {
        using ParquetLake lake = await ParquetLake.OpenAsync(store, [Probe]);
        HashSet<string> named = new(StringComparer.Ordinal);
        foreach (long number in await NumbersAsync(store))
        {
            using LakeSnapshot snapshot = await lake.SnapshotAsync(number);
            named.UnionWith(
                snapshot.Manifest.Tables.SelectMany(static table => table.Parts).Select(static part => part.Key));
        }

        Assert.Equal(
            named.Order(StringComparer.Ordinal),
            (await store.ListAsync("events/").ToListAsync()).Select(static entry => entry.Key), StringComparer.Ordinal);
    }

    private static async Task<LakeManifest> LatestAsync(FolderStore store)
    {
        using ParquetLake lake = await ParquetLake.OpenAsync(store, [Probe]);
        using LakeSnapshot snapshot = await lake.SnapshotAsync();
        return snapshot.Manifest;
    }

    private static async Task<List<long>> NumbersAsync(FolderStore store) =>
    [
        .. (await store.ListAsync("manifests/").ToListAsync()).Select(static entry =>
            long.Parse(Path.GetFileNameWithoutExtension(entry.Key), CultureInfo.InvariantCulture)),
    ];

    private static int Files(LakeManifest manifest) => manifest.Tables.Sum(static table => table.Parts.Count);

    private static async Task<FileJournal> OpenAsync(string folder) => await FileJournal.OpenAsync(
        new FileJournalOptions { Folder = folder, SegmentBytes = 4096, Durability = Durability.None },
        TimeProvider.System);
}
