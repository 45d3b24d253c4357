using System.Text.Json;
using Tandem.Faults;
using Tandem.Lake.Tests.Support;

namespace Tandem.Lake.Tests;

public sealed class LakeConsoleTests : IAsyncLifetime, IDisposable
{
    private static readonly LakeTable Play = new()
    {
        Name = "play",
        Entities = ["user"],
        Columns = [new("n", LakeType.Whole), new("tags", LakeType.TextList)],
    };

    private readonly LakeBench _bench = new(Play);
    private LakeConsole _console = null!;

    public async Task InitializeAsync()
    {
        for (int n = 1; n <= 6; n++)
        {
            (await _bench.CompactAsync(Line(n))).Dispose();
        }

        _console = await _bench.Lake.OpenConsoleAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _console.Dispose();
        _bench.Dispose();
    }

    [Theory]
    [InlineData("select event_id, n from play where n > 4 order by n", "e5|5", "e6|6")]
    [InlineData("with p as (from play) select sum(n) from p;", "21")]
    [InlineData("select 1 as a, 2 as a, null as b -- duplicate names, and a comment", "1|2|-")]
    [InlineData("select tags from play where n = 2", "[t2, x]")]
    [InlineData("select column_name from (describe play) where column_type = 'VARCHAR[]'", "tags")]
    public void Query_OfWhatReads_AnswersAsText(string sql, params string[] expected)
    {
        using LakeReader reader = _console.Query(sql);

        Assert.Equal(expected, LakeBench.Rows(reader), StringComparer.Ordinal);
    }

    [Fact]
    public void Query_AsJson_GivesAnObjectARow()
    {
        using LakeReader reader = _console.Query("select n, tags from play where n = 3", LakeResultForm.Json);
        string row = Assert.Single(LakeBench.Rows(reader));

        using var json = JsonDocument.Parse(row);
        Assert.Equal(3, json.RootElement.GetProperty("n").GetInt64());
        Assert.Equal("t3", json.RootElement.GetProperty("tags")[0].GetString());
    }

    [Theory]
    [InlineData("create table x (a int)")]
    [InlineData("insert into play select * from play")]
    [InlineData("delete from play")]
    [InlineData("drop view play")]
    [InlineData("copy (select 1) to '{file}'")]
    [InlineData("copy play to '{part}'")]
    [InlineData("explain analyze copy (select 1) to '{file}'")]
    [InlineData("attach '{file}' as other")]
    [InlineData("install httpfs")]
    [InlineData("load httpfs")]
    [InlineData("pragma enable_profiling")]
    [InlineData("set enable_external_access = true")]
    [InlineData("reset lock_configuration")]
    [InlineData("export database '{folder}'")]
    [InlineData("import database '{folder}'")]
    [InlineData("call enable_logging()")]
    [InlineData("select 1; copy (select 1) to '{file}'")]
    [InlineData("select 1) r; copy (select 1) to '{file}'; select * from (select 1")]
    [InlineData("select * from read_text('/etc/hostname')")]
    [InlineData("select * from read_csv('/etc/passwd')")]
    [InlineData("select * from '/etc/passwd'")]
    [InlineData("select * from glob('/etc/*')")]
    [InlineData("select * from read_parquet('{stranger}')")]
    [InlineData("select * from query('copy (select 1) to ''{file}''')")]
    [InlineData("select * from nowhere")]
    [InlineData("selec 1")]
    [InlineData("")]
    public void Query_OfAnythingElse_IsRefusedAndTouchesNothing(string sql)
    {
        string folder = Path.Combine(_bench.Root, "..", "outside");
        string stranger = Path.Combine(folder, "stranger.parquet");
        Directory.CreateDirectory(folder);
        string part = Directory.GetFiles(_bench.Root, "*.parquet", SearchOption.AllDirectories).First();
        File.Copy(part, stranger, overwrite: true);
        byte[] before = File.ReadAllBytes(part);
        sql = sql.Replace("{file}", Path.Combine(folder, "x.csv"), StringComparison.Ordinal)
            .Replace("{folder}", folder, StringComparison.Ordinal)
            .Replace("{stranger}", stranger, StringComparison.Ordinal)
            .Replace("{part}", part, StringComparison.Ordinal);

        TandemException failure = Assert.Throws<TandemException>(() => LakeBench.Rows(_console.Query(sql)));

        Assert.True(failure.Fault.Code is "LAK012" or "LAK013", failure.Message);
        Assert.Equal(stranger, Assert.Single(Directory.GetFiles(folder)));
        Assert.Equal(before, File.ReadAllBytes(part));
    }

    [Theory]
    [InlineData("select 1; select 2;", "select 1", "select 2")]
    [InlineData(" ;; select 1 ;;\n", "select 1")]
    [InlineData("select 'a;b'; select 2", "select 'a;b'", "select 2")]
    [InlineData("select $$a;$$ as \"b;\"; from play", "select $$a;$$ as \"b;\"", "from play")]
    [InlineData("select 1 -- one; select 2\n; select 3", "select 1 -- one; select 2", "select 3")]
    [InlineData("from play -- all;\nselect n; select 3", "from play -- all;\nselect n", "select 3")]
    [InlineData("select /* ; */ 1; select 2", "select /* ; */ 1", "select 2")]
    [InlineData("create table x (a int); select 1", "create table x (a int)", "select 1")]
    [InlineData("-- nothing; at all")]
    [InlineData("")]
    public void Statements_OfSeveral_AreThoseThatTheEngineParses(string sql, params string[] expected) =>
        Assert.Equal(expected, _console.Statements(sql), StringComparer.Ordinal);

    [Fact]
    public void Statements_OfManyTexts_ComeBackWhole()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            string[] pieces =
                ["select 'a;''b'", "from play", "select 1 /* ;' */", "select $x$;'$x$", "select \";\" from p"];
            string[] asked =
                [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)])];
            string between = random.Next(2) == 0 ? ";" : " ;\n;-- x;\n";

            IReadOnlyList<string> cut = _console.Statements(string.Join(between, asked));

            // A comment between two statements stays with the second.
            string[] bare = [.. cut.Select(static text => text.Replace("-- x;\n", "", StringComparison.Ordinal))];
            Assert.True(asked.SequenceEqual(bare, StringComparer.Ordinal), $"seed {seed}: {string.Join(" | ", bare)}");
        }
    }

    [Fact]
    public void Statements_WhereOneDoesNotParse_AreRefusedTogether()
    {
        TandemException failure = Assert.Throws<TandemException>(() => _console.Statements("select 1; selec 2"));

        Assert.Equal("LAK013", failure.Fault.Code);
        Assert.Contains("selec", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_OfATable_NamesItsColumns_AndOfNoneIsRefused()
    {
        using (LakeReader columns = _console.Describe("play"))
        {
            Assert.Contains("n|BIGINT", LakeBench.Rows(columns), StringComparer.Ordinal);
        }

        Assert.Equal("LAK008", Assert.Throws<TandemException>(() => _console.Describe("plays")).Fault.Code);
    }

    [Fact]
    public async Task Query_AsOfAPosition_ManifestOrMoment_SeesWhatWasThereThen()
    {
        using LakeSnapshot third = await _bench.Lake.SnapshotAsync(3);
        using LakeConsole before = await _bench.Lake.OpenConsoleAsync(new LakeMoment { Before = third.Manifest.To });
        using LakeConsole manifest = await _bench.Lake.OpenConsoleAsync(new LakeMoment { Manifest = 3 });
        using LakeConsole known = await _bench.Lake.OpenConsoleAsync(
            new LakeMoment { KnownUntil = DateTimeOffset.UnixEpoch.AddDays(3).AddHours(1) });

        string[] expected = ["e1", "e2", "e3"];
        Assert.All(
            [before, manifest, known],
            console => Assert.Equal(
                expected, LakeBench.Rows(console.Query("select event_id from play order by n")),
                StringComparer.Ordinal));
    }

    [Fact]
    public void Query_Cancelled_StopsWithinTheQuery()
    {
        using CancellationTokenSource stop = new();
        stop.CancelAfter(TimeSpan.FromMilliseconds(50));

        Assert.ThrowsAny<OperationCanceledException>(() => LakeBench.Rows(_console.Query(
            "select count(*) from range(100000000) a, range(100000) b where (a.range * b.range) % 7 = 3",
            cancellationToken: stop.Token)));

        Assert.Equal(["6"], LakeBench.Rows(_console.Query("select count(*) from play")));
    }

    private static string Line(int n)
    {
        string day = $"1970-01-0{n + 1}";
        return $$$"""
            {"id":"e{{{n}}}","type":"play","entities":{"user":"u{{{n}}}"},"time":"{{{day}}}T00:00:00.000000Z",
            "known":"{{{day}}}T01:00:00.000000Z","data":{"n":{{{n}}},"tags":["t{{{n}}}","x"]}}
            """.ReplaceLineEndings("");
    }
}
