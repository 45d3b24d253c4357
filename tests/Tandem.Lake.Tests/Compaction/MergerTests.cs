using System.Globalization;
using System.Text.Json.Nodes;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake.Tests.Support;

namespace Tandem.Lake.Tests.Compaction;

public sealed class MergerTests
{
    private static readonly LakeTable Play = new()
    {
        Name = "play",
        Entities = ["user"],
        Columns = [new("n", LakeType.Whole), new("tags", LakeType.TextList)],
    };

    private static readonly LakeTable Wider = Play with
    {
        Columns = [.. Play.Columns, new("note", LakeType.Text)],
    };

    [Theory]
    [InlineData(20260901, 128L << 20)]
    [InlineData(20260902, 8000)]
    [InlineData(20260903, 12000)]
    public async Task Merge_OverAnyEvents_ChangesNoRowOfAnyManifest(int seed, long mergedBytes)
    {
        Random random = new(seed);
        LakeOptions options = new() { MemoryBytes = 256L << 20, MergedBytes = mergedBytes, BatchBytes = 20000 };
        using LakeBench bench = new(options, Play);
        using ParquetLake wider = bench.Open(Wider);
        List<string> ids = [];
        List<List<string>> before = [];
        for (int round = 0; round < 6; round++)
        {
            for (int i = random.Next(1, 40); i > 0; i--)
            {
                string id = $"e{ids.Count}";
                ids.Add(id);
                bench.Journal.Add(Event(id, random));
            }

            await (round < 3 ? bench.Lake : wider).CompactAsync(bench.Journal);
            before.Add(await RowsAsync(wider, round + 1));
        }

        int files = await FilesAsync(wider);
        LakeMerge done = await wider.MergeAsync();

        string because = $"Seed {seed}";
        Assert.True(done.Files.Count > 0, because);
        Assert.Equal(files - done.Files.Sum(static file => file.Sources - 1), await FilesAsync(wider));
        Assert.Equal((done.Latest.To, done.Latest.To), (done.Latest.From, bench.Journal.End));
        for (int manifest = 1; manifest <= done.Latest.Number; manifest++)
        {
            List<string> rows = await RowsAsync(wider, manifest);
            List<string> expected = before[Math.Min(manifest, before.Count) - 1];
            Assert.True(rows.SequenceEqual(expected, StringComparer.Ordinal), because);
        }

        using LakeSnapshot latest = await wider.SnapshotAsync();
        Assert.Equal(ids.Count, latest.Manifest.RowCount);
        Assert.Equal(ids, LakeBench.Rows(latest, "play", "event_id"), StringComparer.Ordinal);
        foreach (LakeMergedFile file in done.Files)
        {
            AssertSorted(Path.Combine(bench.Root, file.Key), because);
        }

        Assert.Empty((await wider.MergeAsync()).Files);
    }

    [Theory]
    [InlineData(20261101)]
    [InlineData(20261102)]
    [InlineData(20261103)]
    public async Task Merge_AcrossDeclarations_ChangesNoAnswer(int seed)
    {
        LakeTable[] declarations =
        [
            Play, Wider,
            Wider with { Columns = [new("n", LakeType.Number), .. Wider.Columns.Skip(1), new("stars", LakeType.Whole)] },
            Wider with
            {
                Entities = ["user", "item"],
                Columns = [new("n", LakeType.Number), .. Wider.Columns.Skip(1), new("stars", LakeType.Number)],
            },
        ];
        Random random = new(seed);
        using LakeBench bench = new(new LakeOptions { MemoryBytes = 256L << 20 }, declarations[^1]);
        List<List<string>> before = [];
        int events = 0;
        foreach (LakeTable declaration in declarations)
        {
            using ParquetLake then = bench.Open(declaration);
            for (int i = random.Next(20, 60); i > 0; i--)
            {
                bench.Journal.Add(Event($"e{events++}", random));
            }

            await then.CompactAsync(bench.Journal);
            before.Add(await RowsAsync(bench.Lake, before.Count + 1));
        }

        string[] known = await KnownAsync();
        string[] user = await OfUserAsync();
        LakeMerge planned = await bench.Lake.MergeAsync(isDryRun: true);
        LakeMerge done = await bench.Lake.MergeAsync();

        string because = $"Seed {seed}";
        Assert.Equal(before.Count, planned.Latest.Number);
        Assert.Equal(
            planned.Files.Select(static file => (file.Key, file.Sources, file.Rows, file.SourceBytes)),
            done.Files.Select(static file =>
                (file.Key[..(file.Key.LastIndexOf('/') + 1)], file.Sources, file.Rows, file.SourceBytes)));
        LakeManifestTable merged = done.Latest.Tables[0];
        Assert.Equal(
            merged.Parts.Count,
            merged.Parts.Select(static part => Path.GetDirectoryName(part.Key)).Distinct(StringComparer.Ordinal).Count());
        Assert.All(merged.Parts, part => Assert.Equal(declarations.Length - 1, part.Schema));
        for (int manifest = 1; manifest <= done.Latest.Number; manifest++)
        {
            List<string> rows = await RowsAsync(bench.Lake, manifest);
            List<string> expected = before[Math.Min(manifest, before.Count) - 1];
            Assert.True(rows.SequenceEqual(expected, StringComparer.Ordinal), because);
        }

        Assert.Equal(known, await KnownAsync(), StringComparer.Ordinal);
        Assert.Equal(user, await OfUserAsync(), StringComparer.Ordinal);
        Assert.InRange(known.Length, 1, events - 1);
        Assert.NotEmpty(user);

        Task<string[]> KnownAsync() => AskAsync(new LakeQuery
        {
            Table = "play",
            KnownUntil = new DateTimeOffset(2026, 1, 3, 0, 0, 0, TimeSpan.Zero),
            OrderBy = [LakeEnvelope.LogPosition],
        });

        Task<string[]> OfUserAsync() => AskAsync(new LakeQuery
        {
            Table = "play",
            Where = [new("user", LakeComparison.Equal, "u3")],
            OrderBy = [LakeEnvelope.LogPosition],
        });

        async Task<string[]> AskAsync(LakeQuery query)
        {
            using LakeSnapshot snapshot = await bench.Lake.SnapshotAsync();
            return [.. LakeBench.Rows(snapshot.Scan(query))];
        }
    }

    [Fact]
    public async Task Merge_OfADeclarationThatLeftAColumnOut_KeepsItsFilesApart()
    {
        using LakeBench bench = new(Wider);
        await bench.CompactAsync(Line("a", "u1", 1), Line("b", "u2", 1));
        await bench.CompactAsync(Line("c", "u1", 1));
        using ParquetLake narrow = bench.Open(Play);
        bench.Journal.Add(Line("d", "u3", 1));
        await narrow.CompactAsync(bench.Journal);

        LakeMerge done = await narrow.MergeAsync();

        Assert.Equal(2, Assert.Single(done.Files).Sources);
        Assert.Equal([0, 1], done.Latest.Tables[0].Parts.Select(static part => part.Schema));
    }

    [Fact]
    public async Task Merge_OfFiguresOfManyParts_TellsThoseOfAllRows()
    {
        using LakeBench bench = new(Play);
        await bench.CompactAsync(Line("b", "u2", 3), Line("a", "u5", 9));
        await bench.CompactAsync(Line("d", "u1", 7));

        LakePart part = Assert.Single((await bench.Lake.MergeAsync()).Latest.Tables[0].Parts);

        Assert.Equal((3, "a", "d"), (part.Rows, part.FirstId, part.LastId));
        Assert.Equal(("u1", "u5"), (part.FirstEntity, part.LastEntity));
        Assert.Equal((3, 9), (part.First!.Value.Hour, part.Last!.Value.Hour));
        Assert.Contains("/date=2026-01-01/00000000000000000003-", part.Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Merge_OfFewerPartsThanAsked_WritesNothing()
    {
        using LakeBench bench = new(Play);
        await bench.CompactAsync(Line("a", "u1", 1));
        await bench.CompactAsync(Line("b", "u1", 1));

        Assert.Equal(2, (await bench.Lake.MergeAsync(minimumParts: 3)).Latest.Number);
        Assert.Equal(3, (await bench.Lake.MergeAsync(minimumParts: 2)).Latest.Number);
    }

    [Fact]
    public async Task Compact_AfterAMerge_DropsRepetitionsAndKeepsTheFilesOfOlderManifests()
    {
        using LakeBench bench = new(Play);
        await bench.CompactAsync(Line("a", "u1", 1));
        await bench.CompactAsync(Line("b", "u2", 1));
        await bench.Lake.MergeAsync();

        using LakeSnapshot latest = await bench.CompactAsync(Line("a", "u1", 1), Line("c", "u3", 1));
        using ParquetLake fresh = bench.Open(Play);
        await fresh.CompactAsync(bench.Journal);
        using LakeSnapshot older = await fresh.SnapshotAsync(2);

        Assert.Equal(["a", "b", "c"], LakeBench.Rows(latest, "play", "event_id"));
        Assert.Equal(["a", "b"], LakeBench.Rows(older, "play", "event_id"));
        Assert.Equal(4, (await bench.Store.ListAsync("events/").ToListAsync()).Count);
    }

    [Fact]
    public async Task MergeAndCompact_ByManyAtOnce_HoldEachEventOnce()
    {
        LakeOptions options = new() { BatchBytes = 1500, MemoryBytes = 128L << 20 };
        using LakeBench bench = new(options, Play);
        for (int i = 0; i < 60; i++)
        {
            bench.Journal.Add(Line($"e{i}", $"u{i % 4}", i % 20));
            if (i % 5 == 4)
            {
                bench.Journal.CloseSegment();
            }
        }

        using ParquetLake one = bench.Open(Play);
        using ParquetLake other = bench.Open(Play);
        await Task.WhenAll(
            bench.Lake.CompactAsync(bench.Journal), one.MergeAsync(), other.CompactAsync(bench.Journal),
            other.MergeAsync());
        await one.MergeAsync();
        using LakeSnapshot latest = await bench.CompactAsync();

        Assert.Equal(
            Enumerable.Range(0, 60).Select(static i => $"e{i}"), LakeBench.Rows(latest, "play", "event_id"),
            StringComparer.Ordinal);
        Assert.Single(latest.Manifest.Tables[0].Parts);
    }

    [Fact]
    public async Task Erase_AfterAMerge_LeavesEveryManifestWithoutThePerson()
    {
        using LakeBench bench = new(Play);
        await bench.CompactAsync(Line("a", "u1", 1), Line("b", "u2", 1));
        await bench.CompactAsync(Line("c", "u1", 1), Line("d", "u3", 1));
        await bench.Lake.MergeAsync();

        LakeErasure done = await bench.Lake.EraseAsync(new ErasedPerson("user", "u1"));

        Assert.Equal((2L, 3), (done.Rows, done.Files.Count));
        Assert.Equal([1L, 2, 3], done.Manifests);
        foreach ((long manifest, string[] left) in new[] { (1L, (string[])["b"]), (2, ["b", "d"]), (3, ["b", "d"]) })
        {
            using LakeSnapshot snapshot = await bench.Lake.SnapshotAsync(manifest);
            Assert.Equal(left, LakeBench.Rows(snapshot, "play", "event_id"), StringComparer.Ordinal);
        }

        Assert.Equal(3, (await bench.Store.ListAsync("events/").ToListAsync()).Count);
    }

    [Fact]
    public async Task Merge_OfAFileThatLostRows_RefusesAndKeepsTheLake()
    {
        using LakeBench bench = new(Play);
        await bench.CompactAsync(Line("a", "u1", 1), Line("b", "u2", 1));
        using LakeSnapshot last = await bench.CompactAsync(Line("c", "u1", 1));
        string[] files = [.. last.Manifest.Tables[0].Parts.Select(part => Path.Combine(bench.Root, part.Key))];
        File.Copy(files[1], files[0], overwrite: true);

        TandemException failure = await Assert.ThrowsAsync<TandemException>(() => bench.Lake.MergeAsync());

        Assert.Equal("LAK016", failure.Fault.Code);
        Assert.Contains("2 rows, not the 3", failure.Fault.What, StringComparison.Ordinal);
        using LakeSnapshot still = await bench.Lake.SnapshotAsync();
        Assert.Equal(2, still.Manifest.Number);
    }

    private static async Task<List<string>> RowsAsync(ParquetLake lake, long manifest)
    {
        using LakeSnapshot snapshot = await lake.SnapshotAsync(manifest);
        string[] columns = [.. snapshot.ColumnsOf("play").Select(static column => column.Name)];
        return LakeBench.Rows(snapshot, "play", columns);
    }

    private static async Task<int> FilesAsync(ParquetLake lake)
    {
        using LakeSnapshot snapshot = await lake.SnapshotAsync();
        return snapshot.Manifest.Tables.Sum(static table => table.Parts.Count);
    }

    private static void AssertSorted(string path, string because)
    {
        using var file = LakeFile.Open(path, LakeFileFormat.Parquet);
        string[][] rows =
        [
            .. LakeBench.Rows(file.Read(["user", "event_time", "log_position"])).Select(static row => row.Split('|')),
        ];
        string[][] sorted =
        [
            .. rows.OrderBy(static row => row[1], StringComparer.Ordinal)
                .ThenByDescending(static row => row[2].Length).ThenBy(static row => row[2], StringComparer.Ordinal)
                .ThenBy(static row => long.Parse(row[3], CultureInfo.InvariantCulture)),
        ];
        Assert.True(
            rows.Select(static row => long.Parse(row[3], CultureInfo.InvariantCulture)).SequenceEqual(
                sorted.Select(static row => long.Parse(row[3], CultureInfo.InvariantCulture))),
            because);
    }

    private static string Line(string id, string user, int hour) =>
        $$$"""{"id":"{{{id}}}","type":"play","entities":{"user":"{{{user}}}"},"time":"2026-01-01T{{{hour:D2}}}:00:00.000000Z"}""";

    private static string Event(string id, Random random)
    {
        JsonObject made = new()
        {
            ["id"] = id,
            ["type"] = "play",
            ["entities"] = random.Next(2) == 0
                ? new JsonObject { ["user"] = $"u{random.Next(6)}" }
                : new JsonObject { ["item"] = $"i{random.Next(6)}", ["user"] = $"u{random.Next(6)}" },
            ["known"] = $"2026-01-0{1 + random.Next(5)}T12:00:00.000000Z",
            ["data"] = new JsonObject
            {
                ["n"] = random.Next(4) switch
                {
                    0 => "no number",
                    1 => random.Next(100) + 0.5,
                    2 => 9007199254740993,
                    _ => random.Next(100),
                },
                ["stars"] = random.Next(3) == 0 ? "4.5" : random.Next(6),
                ["tags"] = new JsonArray("a", $"{random.Next(5)}"),
                ["note"] = random.Next(2) == 0 ? null : $"note {random.Next(9)}",
            },
        };
        if (random.Next(6) > 0)
        {
            made["time"] = $"2026-01-0{1 + random.Next(3)}T0{random.Next(10)}:00:00.000000Z";
        }

        return made.ToJsonString();
    }
}
