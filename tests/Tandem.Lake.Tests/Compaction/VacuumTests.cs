using Tandem.Faults;
using Tandem.Lake.Tests.Support;

namespace Tandem.Lake.Tests.Compaction;

public sealed class VacuumTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly LakeTable Play = new() { Name = "play", Entities = ["user"] };

    [Fact]
    public async Task Vacuum_ShowsThenRemovesExactlyWhatNoKeptManifestNeeds()
    {
        using LakeBench bench = new(Play);
        await FillAsync(bench, 5);
        await bench.Lake.MergeAsync();
        LakeRetention retention = new() { Pinned = new HashSet<long> { 2 } };
        string[] all = await KeysAsync(bench);

        LakeVacuum planned = await bench.Lake.VacuumAsync(retention, isDryRun: true);
        Assert.Equal(all, await KeysAsync(bench), StringComparer.Ordinal);
        LakeVacuum done = await bench.Lake.VacuumAsync(retention);

        Assert.Equal([2L, 6], done.Kept);
        Assert.Equal([1L, 3, 4, 5], done.Manifests);
        Assert.Equal(planned.Files, done.Files);
        Assert.Equal(3, done.Files.Count);
        Assert.Equal(done.Files.Sum(static file => file.Bytes), done.Bytes);
        Assert.Equal(
            done.Files.Select(static file => file.Key).Concat(await KeysAsync(bench)).Order(StringComparer.Ordinal),
            all.Where(key => !done.Manifests.Any(number => key == $"manifests/{number:D20}.json"))
                .Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        using LakeSnapshot pinned = await bench.Lake.SnapshotAsync(2);
        using LakeSnapshot latest = await bench.CompactAsync(Line(9));
        Assert.Equal(["e1", "e2"], LakeBench.Rows(pinned, "play", "event_id"));
        Assert.Equal(["e1", "e2", "e3", "e4", "e5", "e9"], LakeBench.Rows(latest, "play", "event_id"));
        TandemException gone = await Assert.ThrowsAsync<TandemException>(
            async () => await bench.Lake.SnapshotAsync(3));
        Assert.Equal("LAK005", gone.Fault.Code);
    }

    [Theory]
    [InlineData(1, null, new long[] { 5 })]
    [InlineData(3, null, new long[] { 3, 4, 5 })]
    [InlineData(99, null, new long[] { 1, 2, 3, 4, 5 })]
    [InlineData(1, 3, new long[] { 2, 3, 4, 5 })]
    [InlineData(1, 99, new long[] { 5 })]
    [InlineData(1, -1, new long[] { 1, 2, 3, 4, 5 })]
    [InlineData(3, 99, new long[] { 3, 4, 5 })]
    public async Task Vacuum_KeepsTheNewestAndWhatWasTheLakeSinceAMoment(int newest, int? sinceDay, long[] kept)
    {
        using LakeBench bench = new(Play);
        await FillAsync(bench, 5);
        for (int number = 1; number <= 5; number++)
        {
            File.SetLastWriteTimeUtc(
                Path.Combine(bench.Root, "manifests", $"{number:D20}.json"), Start.AddDays(number).UtcDateTime);
        }

        LakeVacuum done = await bench.Lake.VacuumAsync(new LakeRetention
        {
            Newest = newest,
            Since = sinceDay is { } day ? Start.AddDays(day) : null,
        });

        Assert.Equal(kept, done.Kept);
        Assert.Equal(
            kept.Select(static number => $"manifests/{number:D20}.json"), (await KeysAsync(bench))[5..],
            StringComparer.Ordinal);
        Assert.Empty(done.Files);
    }

    [Fact]
    public async Task Vacuum_OfAnEmptyLake_RemovesNothing()
    {
        using LakeBench bench = new(Play);

        LakeVacuum done = await bench.Lake.VacuumAsync(new LakeRetention());

        Assert.Empty(done.Kept);
        Assert.Empty(done.Manifests);
    }

    [Fact]
    public async Task Vacuum_ToKeepNothing_IsRefused()
    {
        using LakeBench bench = new(Play);

        TandemException failure = await Assert.ThrowsAsync<TandemException>(
            () => bench.Lake.VacuumAsync(new LakeRetention { Newest = 0 }));

        Assert.Equal("LAK010", failure.Fault.Code);
    }

    private static async Task FillAsync(LakeBench bench, int manifests)
    {
        for (int i = 1; i <= manifests; i++)
        {
            await bench.CompactAsync(Line(i));
        }
    }

    private static async Task<string[]> KeysAsync(LakeBench bench) =>
    [
        .. (await bench.Store.ListAsync("events/").ToListAsync()).Select(static entry => entry.Key),
        .. (await bench.Store.ListAsync("manifests/").ToListAsync()).Select(static entry => entry.Key),
    ];

    private static string Line(int i) =>
        $$$"""{"id":"e{{{i}}}","type":"play","entities":{"user":"u1"},"time":"2026-01-01T00:00:00.000000Z"}""";
}
