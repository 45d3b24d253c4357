using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Tandem.Server.Tests.Routes;

/// <summary>From a goal to a design over HTTP.</summary>
public sealed class AdviceRoutesTests : IAsyncLifetime, IDisposable
{
    private readonly FakeSystem _system = new();
    private readonly HttpClient _client = new();
    private TandemServer? _server;

    public async Task InitializeAsync() =>
        _server = await TandemServer.StartAsync(_system.Served, new ServerOptions { Address = "http://127.0.0.1:0" });

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Questions_AreAskedInOrder_WithTheirChoicesAndDefaults()
    {
        using var answer = JsonDocument.Parse(await _client.GetStringAsync(Url()));

        JsonElement questions = answer.RootElement.GetProperty("questions");
        JsonElement first = questions[0];
        Assert.Equal("then", first.GetProperty("key").GetString());
        Assert.Equal("act", first.GetProperty("choices")[0].GetProperty("word").GetString());
        Assert.Equal("do something or not", first.GetProperty("choices")[0].GetProperty("meaning").GetString());
        Assert.Equal("0", questions[1].GetProperty("default").GetString());
    }

    [Fact]
    public async Task Advice_OfAnswers_IsAFileWithTheReasonOfEachLine()
    {
        using var answer = JsonDocument.Parse(await AskAsync(
            HttpStatusCode.OK, """{"answers":{"then":"act","base_rate":0.002,"slots":"50"},"onto":true}"""));

        Assert.Equal(("0.002", "50", true), (_system.Advised.Given["base_rate"], _system.Advised.Given["slots"], _system.Advised.IsOnto));
        JsonElement line = answer.RootElement.GetProperty("lines").EnumerateArray()
            .Single(static each => each.GetProperty("path").GetString() == "objective.decision");
        Assert.Equal("{daily_capacity: 50}", line.GetProperty("said").GetString());
        Assert.Equal(50, line.GetProperty("value").GetProperty("daily_capacity").GetInt32());
        Assert.Equal("at most 50 can be acted on: the threshold follows from that", line.GetProperty("reason").GetString());
        Assert.Contains("imbalance: down_sample", answer.RootElement.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, answer.RootElement.GetProperty("faults").GetArrayLength());
    }

    [Fact]
    public async Task Advice_OfWhatIsNoAnswer_SaysAllOfItAtOnce()
    {
        using var problem = JsonDocument.Parse(await AskAsync(
            HttpStatusCode.BadRequest, """{"answers":{"then":"acts","base_rate":2}}"""));

        Assert.Equal("SPC079", problem.RootElement.GetProperty("code").GetString());
        Assert.Contains("'act'", problem.RootElement.GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, problem.RootElement.GetProperty("faults").GetArrayLength());
    }

    public static TheoryData<string> NoBodies =>
    [
        "{}", """{"answers":null}""", """{"answers":{"then":null}}""", """{"answers":{"then":["act"]}}""", """{"answers":{},"file":"x"}""",
        $$$"""{"answers":{"then":"{{{new string('a', 101)}}}"}}""", $$$"""{"answers":{"{{{new string('a', 101)}}}":1}}""",
        "{\"answers\":{" + string.Join(',', Enumerable.Range(0, 33).Select(static n => $"\"k{n}\":1")) + "}}",
    ];

    [Theory]
    [MemberData(nameof(NoBodies))]
    public async Task Advice_OfAnotherBody_IsRefused(string body)
    {
        using var problem = JsonDocument.Parse(await AskAsync(HttpStatusCode.BadRequest, body));

        Assert.Equal("HTP010", problem.RootElement.GetProperty("code").GetString());
        Assert.Null(_system.Advised.Given);
    }

    private async Task<string> AskAsync(HttpStatusCode status, string json)
    {
        using StringContent body = new(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage response = await _client.PostAsync(Url(), body);
        Assert.Equal(status, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private Uri Url() => new(_server!.Address, "/v1/advice");
}
