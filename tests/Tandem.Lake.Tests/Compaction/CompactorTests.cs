using System.Globalization;
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

    [Fact]
    public async Task Compact_OfASegmentLongerThanABatch_GoesOnInItsMiddle()
    {
        const int EventCount = 9_000;
        using LakeBench bench = new(new LakeOptions { BatchBytes = 1, MemoryBytes = 128L << 20 }, Play);
        string filler = new('x', 1_000);
        for (int i = 0; i < EventCount; i++)
        {
            // Every hundredth event comes a second time, far behind the first.
            bench.Journal.Add(Line(i)[..^1] + $$$""","data":{"filler":"{{{filler}}}"}}""");
            if (i >= 6_000 && i % 100 == 0)
            {
                bench.Journal.Add(Line(i - 6_000));
            }
        }

        using LakeSnapshot snapshot = await bench.CompactAsync();

        Assert.InRange(snapshot.Manifest.Number, 3, 4);
        Assert.Equal(bench.Journal.End, snapshot.Manifest.To);
        Assert.Equal(
            Enumerable.Range(0, EventCount).Select(i => $"e{i}|u{i % 3}|{filler}"),
            LakeBench.Rows(snapshot, "play", "event_id", "user", "extra").Select(row =>
                row.Replace("{\"filler\":\"", "", StringComparison.Ordinal)
                    .Replace("\"}", "", StringComparison.Ordinal)),
            StringComparer.Ordinal);
        List<string> places = LakeBench.Rows(snapshot, "play", "log_position");
        string log = await File.ReadAllTextAsync(
            (await bench.Journal.ClosedSegmentsAsync(default))[0].Path);
        Assert.Equal(EventCount, places.Count);
        Assert.StartsWith(
            Line(EventCount - 1)[..^1], log[int.Parse(places[^1], CultureInfo.InvariantCulture)..],
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Compact_OfAnyLog_SaysOfEachFileWhatItHolds(int seed)
    {
        Random random = new(seed);
        using LakeBench bench = new(new LakeOptions { Threads = 3, MemoryBytes = 128L << 20 }, Play);
        HashSet<string> ids = [];
        List<string> expected = [];
        for (int i = 0; i < 3_000; i++)
        {
            int number = random.Next(2_000);
            string id = random.Next(3) == 0 ? $"\\u0065{number}" : $"e{number}";
            string user = random.Next(4) switch
            {
                0 => "",
                1 => $$""","entities":{"user":{{random.Next(50)}}}""",
                2 => $$""","entities":{"us\u0065r":"\u00fc{{random.Next(50)}}","other":"x"}""",
                _ => $$""","entities":{"item":"v","user":"user number {{random.Next(50)}}"}""",
            };
            string day = random.Next(5) == 0 ? "" : $",\"time\":\"2026-01-0{random.Next(1, 4)}T{random.Next(24):D2}:00:00Z\"";
            string type = random.Next(6) == 0 ? "undeclared" : "pl\\u0061y";
            bench.Journal.Add($$"""{"type":"{{type}}","id":"{{id}}"{{day}}{{user}}}""");
            if (ids.Add($"e{number}"))
            {
                expected.Add($"e{number}");
            }
        }

        using LakeSnapshot snapshot = await bench.CompactAsync();

        List<string> found = [];
        foreach (LakePart part in snapshot.Manifest.Tables.SelectMany(static table => table.Parts))
        {
            bool hasUser = part.Key.StartsWith("events/play/", StringComparison.Ordinal);
            using var file = LakeFile.Open(Path.Combine(bench.Root, part.Key), LakeFileFormat.Parquet);
            string[][] rows =
            [
                .. LakeBench.Rows(file.Read(hasUser ? ["event_id", "event_time", "user"] : ["event_id", "event_time"]))
                    .Select(static row => row.Split('|')),
            ];
            string[] partIds = [.. rows.Select(static row => row[1]).Order(StringComparer.Ordinal)];
            string[] times = [.. rows.Select(static row => row[2]).Where(static t => t != "-").Order(StringComparer.Ordinal)];
            string[] users = hasUser
                ? [.. rows.Select(static row => row[3]).Where(static u => u != "-").Order(StringComparer.Ordinal)]
                : [];
            Assert.Equal(rows.Length, part.Rows);
            Assert.Equal((partIds[0], partIds[^1]), (part.FirstId, part.LastId));
            Assert.Equal(rows.Length - times.Length, part.Timeless);
            Assert.Equal(times.FirstOrDefault(), Text(part.First));
            Assert.Equal(times.LastOrDefault(), Text(part.Last));
            Assert.Equal((users.FirstOrDefault(), users.LastOrDefault()), (part.FirstEntity, part.LastEntity));
            found.AddRange(partIds);
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));

        static string? Text(DateTimeOffset? time) =>
            time?.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
    }

    private static string Line(int i) =>
        $$$"""{"id":"e{{{i}}}","type":"play","entities":{"user":"u{{{i % 3}}}"},"time":"2026-01-01T00:{{{i % 60:D2}}}:00.000000Z","known":"2026-01-01T01:00:00.000000Z"}""";
}
