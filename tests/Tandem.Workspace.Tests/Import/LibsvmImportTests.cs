using System.Text.Json.Nodes;
using Tandem.Events;
using Tandem.Spec;
using Tandem.Workspace.Import;

namespace Tandem.Workspace.Tests.Import;

public sealed class LibsvmImportTests : IAsyncLifetime, IDisposable
{
    private readonly ImportBench _bench = new();

    public Task InitializeAsync() => _bench.OpenAsync();

    public Task DisposeAsync() => _bench.CloseAsync();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("lines")]
    [InlineData("lines.gz")]
    public async Task Libsvm_GivesOneEventALine(string file)
    {
        _bench.Write(file, "+1 qid:7 1:0.5 3:-2e1 # doc-9\n\n# only words\n0\t2:4  3:1\r\n-1\n");

        await _bench.ImportAsync(Vectors(file));

        Assert.Equal(
            [
                """all-1 q7 {"part":"all","label":1,"third":-20,"again":-20,"fifth":0,"which":["1","3"],"weights":[0.5,-20],"document":"doc-9"}""",
                """all-4 q {"part":"all","label":0,"third":1,"again":1,"fifth":0,"which":["2","3"],"weights":[4,1]}""",
                """all-5 q {"part":"all","label":-1,"third":0,"again":0,"fifth":0,"which":[],"weights":[]}""",
            ],
            (await _bench.EventsAsync()).Select(record => $"{record.Entities[0].Id} q{Query(record)} {Rest(record)}"),
            StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("1:2 3:4", "it begins with no label")]
    [InlineData("1 2", "'2' is not index:value")]
    [InlineData("1 a:2", "'a:2' is not index:value")]
    [InlineData("1 -1:2", "'-1:2' is not index:value")]
    [InlineData("1 1:2 qid:3", "'qid:3' is not index:value")]
    [InlineData("1 qid:3 qid:3", "'qid:3' is not index:value")]
    [InlineData("1 2:1 2:1", "index 2 does not rise")]
    [InlineData("1 2:1 1:1", "index 1 does not rise")]
    [InlineData("1 2:x", "the value of '2:x' is not a number")]
    [InlineData("1 2:", "the value of '2:' is not a number")]
    [InlineData("1 2:nan", "the value of '2:nan' is not a number")]
    [InlineData("one 2:1", "'label' is not a number: 'one'")]
    public async Task ABadLibsvmLine_GoesIntoQuarantine(string line, string reason)
    {
        _bench.Write("lines", $"1 1:1\n{line}\n2 1:1\n");

        ImportResult result = await _bench.ImportAsync(Vectors("lines"));

        QuarantinedRow refused = Assert.Single(await _bench.Quarantine.ListAsync().ToListAsync());
        Assert.Equal((2, 1), (result.EventCount, result.RejectedCount));
        Assert.Equal(("WSP106", 2L, line, reason), (refused.Code, refused.Line, refused.Text, refused.Message));
    }

    private static SourceSpec Vectors(string file) => new()
    {
        Entities = ["example"],
        HasTimes = false,
        Columns = new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
        {
            ["label"] = new ColumnSpec { Type = ColumnType.Number },
            ["qid"] = new ColumnSpec { Type = ColumnType.Whole },
            ["third"] = new ColumnSpec { Type = ColumnType.Number },
            ["again"] = new ColumnSpec { Type = ColumnType.Number },
            ["fifth"] = new ColumnSpec { Type = ColumnType.Number },
            ["which"] = new ColumnSpec { Type = ColumnType.TextList },
            ["weights"] = new ColumnSpec { Type = ColumnType.NumberList },
            ["document"] = new ColumnSpec { Type = ColumnType.Text },
        },
        Import = new ImportSpec
        {
            Format = "libsvm",
            Files = new Dictionary<string, string>(StringComparer.Ordinal) { ["all"] = file },
            Columns = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["example"] = "row",
                ["third"] = "3",
                ["again"] = "3",
                ["fifth"] = "5",
                ["which"] = "indexes",
                ["weights"] = "values",
                ["document"] = "comment",
            },
        },
    };

    private static string Query(EventRecord record) =>
        JsonNode.Parse(record.Data.Span)!["qid"]?.ToJsonString() ?? "";

    private static string Rest(EventRecord record)
    {
        JsonObject data = JsonNode.Parse(record.Data.Span)!.AsObject();
        data.Remove("qid");
        return data.ToJsonString();
    }
}
