using Tandem.Faults;
using Tandem.Lake.Tests.Support;

namespace Tandem.Lake.Tests;

public sealed class ParquetLakeTests
{
    private static readonly LakeTable Play = new()
    {
        Name = "play",
        Entities = ["user", "item"],
        Columns = [new("seconds", LakeType.Number), new("device", LakeType.Text)],
    };

    [Fact]
    public async Task Compact_OfEveryKindOfValue_GivesThemBack()
    {
        using LakeBench bench = new(new LakeTable
        {
            Name = "all",
            Entities = ["user"],
            Columns =
            [
                new("text", LakeType.Text), new("whole", LakeType.Whole), new("number", LakeType.Number),
                new("flag", LakeType.Flag), new("time", LakeType.Time), new("numbers", LakeType.NumberList),
                new("texts", LakeType.TextList),
            ],
        });

        using LakeSnapshot snapshot = await bench.CompactAsync(
            """{"id":"a","type":"all","tenant":"default","entities":{"user":"u1"},"time":"2026-01-01T00:00:00.000001Z","known":"2026-01-01T00:00:01.000000Z","request":"r1","position":3,"propensity":0.25,"model":"m1","features":{"f":1},"data":{"text":"héllo \"w\"","whole":-9007199254740993,"number":1.5e300,"flag":true,"time":"2025-12-31T23:00:00+02:00","numbers":[1,2.5,-3],"texts":["","ü","a long text that is not inline"]}}""",
            """{"id":"b","type":"all","known":"2026-01-01T00:00:01.000000Z"}""",
            """{"id":"c","type":"all","known":"2026-01-01T00:00:01.000000Z","data":{"text":null,"whole":null,"number":null,"flag":null,"time":null,"numbers":[],"texts":[]}}""");

        Assert.Equal(
            [
                "a|2026-01-01T00:00:00.000001|2026-01-01T00:00:01.000000|default|r1|3|0.25|m1|{\"f\":1}|u1|héllo \"w\"|-9007199254740993|1.5E+300|true|2025-12-31T21:00:00.000000|[1,2.5,-3]|[,ü,a long text that is not inline]|-",
                "b|-|2026-01-01T00:00:01.000000|default|-|-|-|-|-|-|-|-|-|-|-|-|-|-",
                "c|-|2026-01-01T00:00:01.000000|default|-|-|-|-|-|-|-|-|-|-|-|[]|[]|-",
            ],
            LakeBench.Rows(snapshot, "all", [.. snapshot.ColumnsOf("all").Select(c => c.Name).Where(n => n != LakeEnvelope.LogPosition)]));
        Assert.Equal(3, snapshot.CountRows("all"));
    }

    [Theory]
    [InlineData("whole", "1.5")]
    [InlineData("whole", "\"x\"")]
    [InlineData("whole", "1e30")]
    [InlineData("number", "\"1,5\"")]
    [InlineData("number", "[1]")]
    [InlineData("flag", "2")]
    [InlineData("time", "\"yesterday\"")]
    [InlineData("time", "12")]
    [InlineData("text", "{\"a\":[1,2]}")]
    [InlineData("numbers", "[1,\"x\"]")]
    [InlineData("texts", "[\"a\",{\"b\":1}]")]
    public async Task Compact_OfAValueThatItsColumnCannotHold_KeepsItInExtra(string column, string json)
    {
        using LakeBench bench = new(new LakeTable
        {
            Name = "all",
            Columns =
            [
                new("text", LakeType.Text), new("whole", LakeType.Whole), new("number", LakeType.Number),
                new("flag", LakeType.Flag), new("time", LakeType.Time), new("numbers", LakeType.NumberList),
                new("texts", LakeType.TextList),
            ],
        });

        using LakeSnapshot snapshot = await bench.CompactAsync(
            $$$"""{"id":"a","type":"all","known":"2026-01-01T00:00:01.000000Z","data":{"{{{column}}}":{{{json}}},"other":"kept"}}""");

        Assert.Equal(
            [$$$"""-|{"{{{column}}}":{{{json}}},"other":"kept"}"""],
            LakeBench.Rows(snapshot, "all", column, LakeEnvelope.Extra));
    }

    [Fact]
    public async Task Compact_OfAnUndeclaredType_KeepsAllOfIt()
    {
        using LakeBench bench = new(Play);

        using LakeSnapshot snapshot = await bench.CompactAsync(
            """{"id":"a","type":"search","entities":{"user":"u1"},"time":"2026-01-01T00:00:00.000000Z","known":"2026-01-01T00:00:01.000000Z","data":{"text":"cats","n":[1,2]}}""");

        Assert.Equal(
            ["""a|{"@entities":{"user":"u1"},"text":"cats","n":[1,2]}"""],
            LakeBench.Rows(snapshot, "search", LakeEnvelope.EventId, LakeEnvelope.Extra));
    }

    [Fact]
    public async Task Scan_AfterAColumnIsDeclared_ReadsItFromOlderFilesToo()
    {
        using LakeBench bench = new(Play);
        await bench.CompactAsync(
            """{"id":"a","type":"play","entities":{"user":"u1","place":"p1"},"time":"2026-01-01T00:00:00.000000Z","known":"2026-01-01T00:00:01.000000Z","data":{"seconds":2,"n":[1,2],"w":7,"half":1.5,"t":"2026-01-01T02:00:00+02:00"}}""");
        LakeTable later = Play with
        {
            Entities = ["user", "item", "place"],
            Columns =
            [
                new("seconds", LakeType.Number), new("n", LakeType.NumberList), new("w", LakeType.Whole),
                new("half", LakeType.Whole), new("t", LakeType.Time), new("tags", LakeType.TextList),
            ],
        };

        using ParquetLake lake = bench.Open(later);
        bench.Journal.Add(
            """{"id":"b","type":"play","entities":{"user":"u2","place":"p2"},"time":"2026-01-01T00:00:00.000000Z","known":"2026-01-01T00:00:01.000000Z","data":{"seconds":9,"n":[3],"w":8,"tags":["q"]}}""");
        await lake.CompactAsync(bench.Journal);
        using LakeSnapshot snapshot = await lake.SnapshotAsync();

        Assert.Equal(
            ["u1|p1|2|[1,2]|7|-|2026-01-01T00:00:00.000000|-", "u2|p2|9|[3]|8|-|-|[q]"],
            LakeBench.Rows(snapshot, "play", "user", "place", "seconds", "n", "w", "half", "t", "tags"));
        Assert.Equal(["-", "-"], LakeBench.Rows(snapshot, "play", "device"));
    }

    [Fact]
    public async Task Scan_AfterAWholeColumnBecameANumber_GivesOldAndNewValues()
    {
        LakeTable narrow = Play with { Columns = [new("seconds", LakeType.Whole)] };
        using LakeBench bench = new(narrow);
        await bench.CompactAsync(PlayOf("a", "2"), PlayOf("b", "2.5"), PlayOf("c", "null"));
        using ParquetLake lake = bench.Open(narrow with { Columns = [new("seconds", LakeType.Number)] });
        bench.Journal.Add(PlayOf("d", "3.5"));
        await lake.CompactAsync(bench.Journal);

        using LakeSnapshot snapshot = await lake.SnapshotAsync();
        Assert.Equal(
            ["a|2", "b|2.5", "c|-", "d|3.5"], LakeBench.Rows(snapshot, "play", LakeEnvelope.EventId, "seconds"));
        Assert.Equal(
            ["b|2.5", "d|3.5"],
            LakeBench.Rows(snapshot.Scan(new LakeQuery
            {
                Table = "play",
                Columns = [LakeEnvelope.EventId, "seconds"],
                Where = [new LakeFilter("seconds", LakeComparison.Greater, 2.0)],
                OrderBy = [LakeEnvelope.LogPosition],
            })));
    }

    /// <summary>Every pair of types: the same one and whole to number fit, the others are refused.</summary>
    [Fact]
    public async Task ATypeThatDoesNotHoldTheStoredOne_IsRefusedWhenReadAndCompacted()
    {
        foreach (LakeType stored in Enum.GetValues<LakeType>())
        {
            LakeTable before = Play with { Columns = [new("kept", LakeType.Flag), new("x", stored)] };
            using LakeBench bench = new(before);
            await bench.CompactAsync(PlayOf("a", "1"));
            foreach (LakeType declared in Enum.GetValues<LakeType>())
            {
                using ParquetLake lake = bench.Open(before with { Columns = [new("X", declared)] });
                bool fits = stored == declared || (stored, declared) == (LakeType.Whole, LakeType.Number);
                string expected = fits ? "" : "LAK014 play.x";

                Assert.Equal(expected, await FaultOfAsync(async () => (await lake.SnapshotAsync()).Dispose()));
                Assert.Equal(expected, await FaultOfAsync(() => lake.CompactAsync(bench.Journal)));
            }
        }
    }

    [Fact]
    public async Task AChangedType_NamesColumnBothTypesAndTheWayOut()
    {
        using LakeBench bench = new(Play);
        await bench.CompactAsync(PlayOf("a", "1"));
        using ParquetLake lake = bench.Open(Play with
        {
            Entities = ["item"],
            Columns = [new("seconds", LakeType.TextList), new("device", LakeType.Whole)],
        });

        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            () => lake.CompactAsync(bench.Journal));

        Assert.Equal(
            [
                "Column 'seconds' of table 'play' was number when its rows were written, and is declared texts now.",
                "Column 'device' of table 'play' was text when its rows were written, and is declared whole now.",
                "Table 'play' has rows with the entity 'user', which is no longer among its entities (item).",
            ],
            refused.Faults.Select(fault => fault.What), StringComparer.Ordinal);
        Assert.Equal("LAK014 LAK014 LAK015", string.Join(' ', refused.Faults.Select(fault => fault.Code)));
        Assert.All(
            refused.Faults, fault => Assert.Contains("move the store's folder lake away", fault.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AWidenedColumn_IsNotNarrowedAgain()
    {
        LakeTable whole = Play with { Columns = [new("seconds", LakeType.Whole)] };
        using LakeBench bench = new(whole);
        await bench.CompactAsync(PlayOf("a", "1"));
        using (ParquetLake wide = bench.Open(Play))
        {
            bench.Journal.Add(PlayOf("b", "1.5"));
            await wide.CompactAsync(bench.Journal);
        }

        Assert.Equal("LAK014 play.seconds", await FaultOfAsync(() => bench.Lake.CompactAsync(bench.Journal)));
    }

    [Fact]
    public async Task ATableThatIsNoLongerDeclared_StaysReadable()
    {
        using LakeBench bench = new(Play);
        await bench.CompactAsync(PlayOf("a", "1"));
        using ParquetLake lake = bench.Open();

        using LakeSnapshot snapshot = await lake.SnapshotAsync();

        Assert.Equal(["a|1"], LakeBench.Rows(snapshot, "play", LakeEnvelope.EventId, "seconds"));
    }

    [Fact]
    public async Task Compact_OfTheSameIdTwice_KeepsTheEarliest()
    {
        using LakeBench bench = new(Play);
        static string Line(string id, int seconds) =>
            $$$"""{"id":"{{{id}}}","type":"play","time":"2026-01-01T00:00:00.000000Z","known":"2026-01-01T00:00:01.000000Z","data":{"seconds":{{{seconds}}}}}""";

        await bench.CompactAsync(Line("a", 1), Line("b", 2), Line("a", 3), Line("\\u0061", 4));
        using LakeSnapshot snapshot = await bench.CompactAsync(Line("b", 5), Line("c", 6), Line("c", 7));

        Assert.Equal(["a|1", "b|2", "c|6"], LakeBench.Rows(snapshot, "play", "event_id", "seconds"));
    }

    [Fact]
    public async Task Compact_CutsByDate_AndCoarserWhereDaysAreTooMany()
    {
        using LakeBench bench = new(
            new LakeOptions { MaximumPartitions = 3 }, Play, new LakeTable { Name = "timeless", HasTimes = false });
        static string Line(string id, string time, string type = "play") =>
            $$"""{"id":"{{id}}","type":"{{type}}","time":"{{time}}T10:00:00.000000Z","known":"2026-01-01T00:00:01.000000Z"}""";

        using LakeSnapshot days = await bench.CompactAsync(
            Line("a", "2026-01-01"), Line("b", "2026-01-03"), Line("t", "2026-01-03", "timeless"),
            """{"id":"n","type":"play","known":"2026-01-01T00:00:01.000000Z"}""");
        using LakeSnapshot months = await bench.CompactAsync(
            Line("c", "2026-01-01"), Line("d", "2026-01-02"), Line("e", "2026-02-03"), Line("f", "2026-02-04"));
        using LakeSnapshot years = await bench.CompactAsync(
            [.. Enumerable.Range(0, 8).Select(i => Line($"y{i}", $"{2000 + (i / 4)}-0{1 + (i % 4)}-01"))]);

        string[] dates = [.. years.Manifest.Find("play")!.Parts.Select(static part => part.Key.Split("date=")[1].Split('/')[0])];
        Assert.Equal(["none", "2026-01-01", "2026-01-03", "2026-01", "2026-02", "2000", "2001"], dates);
        Assert.Contains("date=none", years.Manifest.Find("timeless")!.Parts[0].Key, StringComparison.Ordinal);
        Assert.Equal(3, days.CountRows("play"));
        Assert.Equal(15, years.CountRows("play"));
        Assert.Equal(15, LakeBench.Rows(years, "play", "event_id").Count);
    }

    [Fact]
    public async Task Snapshot_OfAnOlderManifest_ShowsTheLakeAsItWas()
    {
        using LakeBench bench = new(Play);
        static string Line(string id) => $$"""{"id":"{{id}}","type":"play","known":"2026-01-01T00:00:01.000000Z"}""";
        using LakeSnapshot before = await bench.CompactAsync(Line("a"));

        using LakeSnapshot after = await bench.CompactAsync(Line("b"));
        using LakeSnapshot again = await bench.Lake.SnapshotAsync(1);

        Assert.Equal(["a", "b"], LakeBench.Rows(after, "play", "event_id"));
        Assert.Equal(["a"], LakeBench.Rows(again, "play", "event_id"));
        Assert.Equal(["a"], LakeBench.Rows(before, "play", "event_id"));
    }

    private static string PlayOf(string id, string seconds) =>
        $$$"""{"id":"{{{id}}}","type":"play","entities":{"user":"u1","item":"i1"},"known":"2026-01-01T00:00:01.000000Z","data":{"seconds":{{{seconds}}}}}""";

    private static async Task<string> FaultOfAsync(Func<Task> act)
    {
        try
        {
            await act();
            return "";
        }
        catch (TandemException refused)
        {
            return string.Join(", ", refused.Faults.Select(fault => $"{fault.Code} {fault.Place}"));
        }
    }
}
