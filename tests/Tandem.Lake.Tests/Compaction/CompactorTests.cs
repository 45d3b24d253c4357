using Tandem.Faults;
using Tandem.Lake.Tests.Support;

namespace Tandem.Lake.Tests.Compaction;

public sealed class CompactorTests
{
    private static readonly LakeTable Play = new() { Name = "play", Entities = ["user"] };

    [Fact]
    public async Task Compact_OfADamagedLine_NamesSegmentAndPlaceAndKeepsTheLakeWhole()
    {
        using LakeBench bench = new(Play);
        await bench.CompactAsync(Line(1));
        bench.Journal.Add(Line(2));
        bench.Journal.CloseSegment();
        string path = Directory.GetFiles(Path.Combine(bench.Root, "..", "journal")).Order(StringComparer.Ordinal).Last();
        string damaged = (await File.ReadAllTextAsync(path)).Replace("u2", "u3", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, damaged);

        TandemException failure = await Assert.ThrowsAsync<TandemException>(() => bench.Lake.CompactAsync(bench.Journal));
        using LakeSnapshot snapshot = await bench.Lake.SnapshotAsync();

        Assert.Equal("LAK004", failure.Fault.Code);
        Assert.Contains(Path.GetFileName(path), failure.Fault.What, StringComparison.Ordinal);
        Assert.Equal(["e1"], LakeBench.Rows(snapshot, "play", "event_id"));
    }

    [Theory]
    [InlineData("""{"id":"a","type":"play","known":5}""")]
    [InlineData("""{"id":"a","type":"play","data":[1]}""")]
    [InlineData("""{"type":"play"}""")]
    public async Task Compact_OfALineThatIsNoEvent_Refuses(string line)
    {
        using LakeBench bench = new(Play);
        bench.Journal.Add(line);

        TandemException failure = await Assert.ThrowsAsync<TandemException>(() => bench.Lake.CompactAsync(bench.Journal));

        Assert.Equal("LAK004", failure.Fault.Code);
    }

    [Fact]
    public async Task Compact_OfATypeThatLeavesTheLakesFolder_Refuses()
    {
        using LakeBench bench = new(Play);
        bench.Journal.Add("""{"id":"a","type":"../escape"}""");

        TandemException failure = await Assert.ThrowsAsync<TandemException>(() => bench.Lake.CompactAsync(bench.Journal));

        Assert.Equal("LAK003", failure.Fault.Code);
    }

    [Fact]
    public async Task Compact_ByManyAtOnce_HoldsEachEventOnce()
    {
        using LakeBench bench = new(new LakeOptions { BatchBytes = 3000, MemoryBytes = 128L << 20 }, Play);
        for (int segment = 0; segment < 12; segment++)
        {
            for (int i = 0; i < 20; i++)
            {
                bench.Journal.Add(Line((segment * 15) + i));
            }

            bench.Journal.CloseSegment();
        }

        ParquetLake[] lakes = [.. Enumerable.Range(0, 4).Select(_ => bench.Open(Play))];
        await Task.WhenAll(lakes.Select(lake => lake.CompactAsync(bench.Journal)));
        using LakeSnapshot snapshot = await bench.Lake.SnapshotAsync();

        Assert.Equal(bench.Journal.End, snapshot.Manifest.To);
        Assert.Equal(
            Enumerable.Range(0, 185).Select(static i => $"e{i}").Order(StringComparer.Ordinal),
            LakeBench.Rows(snapshot, "play", "event_id").Order(StringComparer.Ordinal),
            StringComparer.Ordinal);

        // One more compaction removes what the beaten ones left.
        await bench.CompactAsync(Line(1000));
        using LakeSnapshot last = await bench.CompactAsync();
        Assert.Equal(
            last.Manifest.Tables.SelectMany(static table => table.Parts).Select(static part => part.Key).Order(StringComparer.Ordinal),
            (await bench.Store.ListAsync("events/").ToListAsync()).Select(static entry => entry.Key),
            StringComparer.Ordinal);
        Array.ForEach(lakes, static lake => lake.Dispose());
    }

    [Fact]
    public async Task Compact_WhenNothingIsNew_WritesNothing()
    {
        using LakeBench bench = new(Play);
        using LakeSnapshot first = await bench.CompactAsync(Line(1));

        LakeManifest second = await bench.Lake.CompactAsync(bench.Journal);

        Assert.Equal(first.Manifest.Number, second.Number);
    }

    [Fact]
    public async Task Compact_OfRepetitionsOnly_MovesOnWithoutAFile()
    {
        using LakeBench bench = new(Play);
        using LakeSnapshot first = await bench.CompactAsync(Line(1));

        using LakeSnapshot second = await bench.CompactAsync(Line(1));

        Assert.True(second.Manifest.To.Offset > first.Manifest.To.Offset);
        Assert.Equal(first.Manifest.Tables[0].Parts, second.Manifest.Tables[0].Parts);
    }

    [Fact]
    public async Task Compact_SortsByFirstEntityThenTime()
    {
        using LakeBench bench = new(Play);
        using LakeSnapshot snapshot = await bench.CompactAsync(Line(5), Line(2), Line(9), Line(1));
        string path = Path.Combine(bench.Root, snapshot.Manifest.Tables[0].Parts[0].Key);

        using var file = LakeFile.Open(path, LakeFileFormat.Parquet);

        Assert.Equal(["1|u0|e9", "2|u1|e1", "3|u2|e2", "4|u2|e5"], LakeBench.Rows(file.Read(["user", "event_id"])));
    }

    private static string Line(int i) =>
        $$$"""{"id":"e{{{i}}}","type":"play","entities":{"user":"u{{{i % 3}}}"},"time":"2026-01-01T00:{{{i % 60:D2}}}:00.000000Z","known":"2026-01-01T01:00:00.000000Z"}""";
}
