using System.Globalization;
using Tandem.Faults;
using Tandem.Lake.Tests.Support;

namespace Tandem.Lake.Tests;

public sealed class LakeSnapshotTests
{
    private static readonly LakeTable Play = new()
    {
        Name = "play",
        Entities = ["user"],
        Columns = [new("n", LakeType.Whole), new("x", LakeType.Number), new("tag", LakeType.Text), new("ok", LakeType.Flag)],
    };

    [Fact]
    public async Task Scan_WithFilters_FindsWhatALoopFinds()
    {
        using LakeBench bench = new(Play);
        using LakeSnapshot snapshot = await bench.CompactAsync([.. Enumerable.Range(0, 100).Select(Line)]);
        List<string> Rows(params LakeFilter[] where) => LakeBench.Rows(snapshot.Scan(new LakeQuery
        {
            Table = "play",
            Columns = ["n"],
            Where = where,
            OrderBy = ["n"],
        }));
        static List<string> Loop(Func<int, bool> passes) =>
            [.. Enumerable.Range(0, 100).Where(passes).Select(i => i.ToString(CultureInfo.InvariantCulture))];

        Assert.Equal(Loop(i => i >= 90), Rows(new LakeFilter("n", LakeComparison.GreaterOrEqual, 90)));
        Assert.Equal(Loop(i => i % 3 == 0 && i < 20), Rows(
            new LakeFilter("tag", LakeComparison.Equal, "t'0"), new LakeFilter("x", LakeComparison.Less, 10.0)));
        Assert.Equal(Loop(i => i % 3 != 0), Rows(new LakeFilter("tag", LakeComparison.NotEqual, "t'0")));
        Assert.Equal(Loop(i => i is 3 or 5), Rows(
            new LakeFilter("n", LakeComparison.In, new object[] { 3, 5L, 1000 })));
        Assert.Equal([], Rows(new LakeFilter("n", LakeComparison.In, Array.Empty<object>())));
        Assert.Equal(Loop(i => i % 2 == 0), Rows(new LakeFilter("ok", LakeComparison.IsNull)));
        Assert.Equal(Loop(i => i % 2 == 1), Rows(new LakeFilter("ok", LakeComparison.Equal, true)));
        Assert.Equal(Loop(i => i > 50), Rows(
            new LakeFilter("event_time", LakeComparison.Greater, Start.AddHours(50))));
    }

    [Fact]
    public async Task Scan_OfARange_IncludesItsStartAndNotItsEnd()
    {
        using LakeBench bench = new(Play);
        using LakeSnapshot snapshot = await bench.CompactAsync(
            [.. Enumerable.Range(0, 100).Select(Line), """{"id":"t","type":"play","known":"2026-01-01T00:00:00.000000Z"}"""]);

        List<string> rows = LakeBench.Rows(snapshot.Scan(new LakeQuery
        {
            Table = "play",
            Columns = ["n"],
            From = Start.AddHours(23),
            To = Start.AddHours(26),
            OrderBy = ["-n"],
        }));
        List<string> known = LakeBench.Rows(snapshot.Scan(new LakeQuery
        {
            Table = "play",
            Columns = ["n"],
            KnownUntil = Start.AddHours(2).AddMinutes(1),
            OrderBy = ["n"],
            Limit = 3,
        }));

        Assert.Equal(["25", "24", "23"], rows);
        Assert.Equal(["0", "1", "2"], known);
    }

    [Fact]
    public async Task Scan_OfARange_ReadsOnlyFilesThatMayHoldIt()
    {
        using LakeBench bench = new(Play);
        using LakeSnapshot snapshot = await bench.CompactAsync([.. Enumerable.Range(0, 100).Select(Line)]);
        foreach (LakePart part in snapshot.Manifest.Find("play")!.Parts.Skip(1))
        {
            await bench.Store.DeleteAsync(part.Key);
        }

        List<string> rows = LakeBench.Rows(snapshot.Scan(
            new LakeQuery { Table = "play", Columns = ["n"], To = Start.AddHours(24) }));

        Assert.Equal(24, rows.Count);
    }

    [Fact]
    public async Task Scan_OfADeclaredTableWithoutRows_IsEmpty()
    {
        using LakeBench bench = new(Play);
        using LakeSnapshot snapshot = await bench.Lake.SnapshotAsync();

        using LakeReader reader = snapshot.Scan(new LakeQuery { Table = "play" });

        Assert.Equal(snapshot.ColumnsOf("play").Select(static c => c.Name), reader.Names, StringComparer.Ordinal);
        Assert.False(reader.Read());
        Assert.Equal(0, snapshot.Manifest.Number);
    }

    [Fact]
    public async Task Scan_OfWhatIsNotThere_NamesWhatIs()
    {
        using LakeBench bench = new(Play);
        using LakeSnapshot snapshot = await bench.CompactAsync(Line(1));

        TandemException table = Assert.Throws<TandemException>(() => snapshot.Scan(new LakeQuery { Table = "plya" }));
        TandemException column = Assert.Throws<TandemException>(
            () => snapshot.Scan(new LakeQuery { Table = "play", Columns = ["m"] }));
        TandemException manifest = await Assert.ThrowsAsync<TandemException>(
            () => bench.Lake.SnapshotAsync(7).AsTask());

        Assert.Equal(("LAK008", "one of play"), (table.Fault.Code, table.Fault.Expected));
        Assert.Equal("LAK009", column.Fault.Code);
        Assert.Contains("tag", column.Fault.Expected!, StringComparison.Ordinal);
        Assert.Equal("LAK005", manifest.Fault.Code);
        Assert.Throws<ArgumentException>(() => snapshot.Scan(new LakeQuery
        {
            Table = "play",
            Where = [new LakeFilter("n", LakeComparison.Equal, "x")],
        }));
    }

    [Fact]
    public async Task Scan_OnManyThreads_GivesEachTheWholeAnswer()
    {
        using LakeBench bench = new(Play);
        using LakeSnapshot snapshot = await bench.CompactAsync([.. Enumerable.Range(0, 5000).Select(Line)]);

        long[] sums = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using LakeReader reader = snapshot.Scan(new LakeQuery { Table = "play", Columns = ["n"] });
            long sum = 0;
            while (reader.Read())
            {
                foreach (long n in reader.Wholes(0))
                {
                    sum += n;
                }
            }

            return sum;
        })));

        Assert.All(sums, static sum => Assert.Equal(4999L * 5000 / 2, sum));
    }

    [Fact]
    public async Task Scan_WhenCancelledMidway_Stops()
    {
        using LakeBench bench = new(Play);
        using LakeSnapshot snapshot = await bench.CompactAsync([.. Enumerable.Range(0, 5000).Select(Line)]);
        using CancellationTokenSource cancelling = new();
        using LakeReader reader = snapshot.Scan(new LakeQuery { Table = "play" }, cancelling.Token);
        Assert.True(reader.Read());

        await cancelling.CancelAsync();

        Assert.Throws<OperationCanceledException>(() => reader.Read());
    }

    private static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static string Line(int i)
    {
        string time = Start.AddHours(i).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        string ok = i % 2 == 0 ? "" : ",\"ok\":true";
        return $$$"""{"id":"e{{{i}}}","type":"play","entities":{"user":"u{{{i % 7}}}"},"time":"{{{time}}}","known":"{{{time}}}","data":{"n":{{{i}}},"x":{{{i / 2}}}.5,"tag":"t'{{{i % 3}}}"{{{ok}}}}}""";
    }
}
