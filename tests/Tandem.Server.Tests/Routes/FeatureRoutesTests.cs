using System.Net;
using Tandem.Faults;

namespace Tandem.Server.Tests.Routes;

public sealed class FeatureRoutesTests : IAsyncLifetime, IDisposable
{
    private readonly FakeSystem _system = new();
    private readonly HttpClient _client = new();
    private TandemServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TandemServer.StartAsync(_system.Served, new ServerOptions { Address = "http://127.0.0.1:0" });
        _client.BaseAddress = _server.Address;
    }

    public void Dispose() => _client.Dispose();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Features_OfASystem_AreItsCatalogue()
    {
        string answer = await _client.GetStringAsync(new Uri("/v1/features", UriKind.Relative));

        Assert.Equal(
            """
            {"name":"small","time":"2026-01-01T00:00:00+00:00","model":7,"training_set":"sha256:00",
            "live_from":"2026-01-01T00:00:00+00:00","live_rows":2,"views":[{"name":"user_play","entity":"user",
            "source":"play","description":"","owner":"","version":"sha256:11","where":["watch \u003E= 0.5"],
            "time_to_live":"30d","features":[{"name":"plays","definition":"count over 7d",
            "summary":"Number of events.","kind":"number","train":{"rows":10,"null_share":0.5,"median":2,
            "p05":1,"p95":3,"shares":[0.25,0.75]},"edges":[0,1,2],
            "importance":0.25,"weight":1.5,"skew":0}]}],
            "ranking":{"kind":"logistic","is_used":true,"reason":"better","retrieval_importance":0.5},
            "request":[{"name":"slot","type":"text","is_required":true}]}
            """.ReplaceLineEndings(""),
            answer);
    }

    [Fact]
    public async Task History_OfAnEntity_HasValuesAndTheEventsBehindThem()
    {
        string answer = await _client.GetStringAsync(new Uri(
            "/v1/features/user_play/u%2F1?as_of=2026-01-01T00:00:00Z&events=7", UriKind.Relative));

        Assert.Equal(
            ("user_play", "u/1", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), 7), _system.Explained);
        Assert.Equal(
            """
            {"view":"user_play","id":"u/1","as_of":"2026-01-01T00:00:00+00:00","values":[
            {"feature":"plays","value":3,"window_start":"2025-12-25T00:00:00+00:00","seen":3},
            {"feature":"device","value":"tv","seen":1},{"feature":"items","value":{"v1":2,"v2":1},"seen":3},
            {"feature":"none","seen":0}],"events":[{"event_time":"2025-12-31T00:00:00+00:00",
            "known_time":"2026-01-01T00:00:00+00:00","cells":{"item":"v1"},"counts_in":["plays"]}],"event_count":5}
            """.ReplaceLineEndings(""),
            answer);
    }

    [Theory]
    [InlineData("?as_of=yesterday", "as_of=yesterday")]
    [InlineData("?events=-1", "events=-1")]
    [InlineData("?events=1001", "events=1001")]
    public async Task History_WithAQueryOutOfRange_IsRefused(string query, string said)
    {
        HttpResponseMessage answer =
            await _client.GetAsync(new Uri($"/v1/features/user_play/u1{query}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        string body = await answer.Content.ReadAsStringAsync();
        Assert.Contains("HTP017", body, StringComparison.Ordinal);
        Assert.Contains(said, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_OfAnUnknownView_IsNotFound()
    {
        _system.Failure = new TandemException(new Fault("WSP060", "No.", "Name one.") { Kind = FaultKind.NotFound });

        HttpResponseMessage answer = await _client.GetAsync(new Uri("/v1/features/nothing/u1", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
