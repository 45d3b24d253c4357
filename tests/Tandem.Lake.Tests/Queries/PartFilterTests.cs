using Tandem.Lake.Tests.Support;

namespace Tandem.Lake.Tests.Queries;

public sealed class PartFilterTests
{
    private static readonly LakeTable Play = new() { Name = "play", Entities = ["user"] };

    public static TheoryData<LakeQuery, string> Queries => new()
    {
        { new LakeQuery { Table = "play", Where = [new LakeFilter("user", LakeComparison.Equal, "c")] }, "c" },
        { new LakeQuery { Table = "play", Where = [new LakeFilter("USER", LakeComparison.In, new object[] { "a", "b" })] }, "a" },
        { new LakeQuery { Table = "play", KnownUntil = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero) }, "a c" },
        { new LakeQuery { Table = "play", To = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero) }, "a c" },
    };

    /// <summary>The file of the other part is gone, so opening it would fail.</summary>
    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Scan_ThatOnePartCannotAnswer_DoesNotOpenIt(LakeQuery query, string expected)
    {
        using LakeBench bench = new(Play);
        await bench.CompactAsync(Line("e1", "a", 1), Line("e2", "c", 1));
        using LakeSnapshot snapshot = await bench.CompactAsync(Line("e3", "x", 9), Line("e4", "é", 9));
        LakePart other = snapshot.Manifest.Tables[0].Parts[1];
        File.Delete(Path.Combine(bench.Root, other.Key));

        List<string> rows = LakeBench.Rows(snapshot.Scan(query with { Columns = ["user"], OrderBy = ["user"] }));

        Assert.Equal(("a", "c"), (snapshot.Manifest.Tables[0].Parts[0].FirstEntity, snapshot.Manifest.Tables[0].Parts[0].LastEntity));
        Assert.Equal(("x", "é"), (other.FirstEntity, other.LastEntity));
        Assert.Equal(expected, string.Join(' ', rows));
    }

    private static string Line(string id, string user, int day)
    {
        string date = $"2026-01-0{day}";
        return $$$"""
            {"id":"{{{id}}}","type":"play","entities":{"user":"{{{user}}}"},"time":"{{{date}}}T00:00:00.000000Z",
            "known":"{{{date}}}T01:00:00.000000Z"}
            """.ReplaceLineEndings("");
    }
}
