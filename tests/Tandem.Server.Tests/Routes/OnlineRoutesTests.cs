using System.Net;
using System.Text;
using Tandem.Faults;

namespace Tandem.Server.Tests.Routes;

public sealed class OnlineRoutesTests : IAsyncLifetime, IDisposable
{
    private readonly FakeSystem _system = new();
    private readonly HttpClient _client = new();
    private TandemServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TandemServer.StartAsync(
            _system.Served,
            new ServerOptions { Address = "http://127.0.0.1:0", FeatureValuesPerRequest = 20, EventsPerRequest = 3 });
        _client.BaseAddress = _server.Address;
    }

    public void Dispose() => _client.Dispose();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Query_IsAnsweredInColumnsTheIdsFirst()
    {
        HttpResponseMessage answer = await PostAsync(
            "/get-online-features",
            """{"features":["v:plays","v:mean"],"entities":{"user":[1001,"u2"]},"full_feature_names":true}""");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["v:plays", "v:mean"], _system.Queried!.Features);
        Assert.Equal(["1001", "u2"], _system.Queried.Ids["user"]);
        Assert.True(_system.Queried.FullNames);
        const string Never = "1970-01-01T00:00:00Z";
        const string Then = "2026-01-01T00:00:00Z";
        string body = await answer.Content.ReadAsStringAsync();
        Assert.Equal(
            $$"""
            {"metadata":{"feature_names":["user","plays","mean","device","items","best","counts","old"]},"results":[
            {"values":[1001,"u2"],"statuses":["PRESENT","PRESENT"],"event_timestamps":["{{Never}}","{{Never}}"]},
            {"values":[3,null],"statuses":["PRESENT","NOT_FOUND"],"event_timestamps":["{{Then}}","{{Never}}"]},
            {"values":[0.1,null],"statuses":["PRESENT","NOT_FOUND"],"event_timestamps":["2026-01-01T00:00:00.000001Z","{{Never}}"]},
            {"values":["tv",null],"statuses":["PRESENT","NOT_FOUND"],"event_timestamps":["2026-01-01T00:00:00.020Z","{{Never}}"]},
            {"values":[["v1","v2"],null],"statuses":["PRESENT","NOT_FOUND"],"event_timestamps":["{{Never}}","{{Never}}"]},
            {"values":[[2.5,1],null],"statuses":["PRESENT","NOT_FOUND"],"event_timestamps":["{{Then}}","{{Never}}"]},
            {"values":[{"v1":2,"v2":1},null],"statuses":["PRESENT","NOT_FOUND"],"event_timestamps":["{{Then}}","{{Never}}"]},
            {"values":[null,null],"statuses":["OUTSIDE_MAX_AGE","NULL_VALUE"],"event_timestamps":["{{Then}}","{{Then}}"]}]}
            """.ReplaceLineEndings(""),
            body);
    }

    [Fact]
    public async Task Query_TakesValuesOfTheRequestAmongTheEntities()
    {
        HttpResponseMessage answer = await PostAsync(
            "/get-online-features",
            """{"features":["v:plays"],"entities":{"user":["u1"],"slot":["tv"],"lat":[52.5]}}""");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["user"], _system.Queried!.Ids.Keys, StringComparer.Ordinal);
        Assert.Equal("tv", Assert.Single(_system.Queried.Request["slot"]).GetString());
        Assert.Equal(52.5, Assert.Single(_system.Queried.Request["lat"]).GetDouble());
        Assert.Contains(
            "\"feature_names\":[\"user\",\"slot\",\"lat\",", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/get-online-features", "[]")]
    [InlineData("/get-online-features", "null")]
    [InlineData("/get-online-features", """{"entities":{}}""")]
    [InlineData("/get-online-features", """{"features":["v:a"]}""")]
    [InlineData("/get-online-features", """{"features":[null],"entities":{}}""")]
    [InlineData("/get-online-features", """{"features":["v:a"],"entities":{"user":null}}""")]
    [InlineData("/get-online-features", """{"features":["v:a"],"entities":{"user":"u1"}}""")]
    [InlineData("/get-online-features", """{"features":["v:a"],"entities":{"user":[null]}}""")]
    [InlineData("/get-online-features", """{"features":["v:a"],"entities":{"user":[1.5]}}""")]
    [InlineData("/get-online-features", """{"features":["v:a"],"entities":{"user":["\ud800"]}}""")]
    [InlineData("/get-online-features", """{"feature_service":"all","entities":{"user":["u1"]}}""")]
    [InlineData("/get-online-features", """{"features":[],"entities":{},"include_feature_view_version_metadata":true}""")]
    [InlineData("/push", """{"df":{"user":["u1"]}}""")]
    [InlineData("/push", """{"push_source_name":"play"}""")]
    [InlineData("/push", """{"push_source_name":"play","df":{"user":null}}""")]
    [InlineData("/push", """{"push_source_name":"play","df":{"user":["u1"]},"to":"both"}""")]
    [InlineData("/materialize", """{"end_ts":"2026-01-01T00:00:00"}""")]
    [InlineData("/materialize", """{"start_ts":"2026-01-02T00:00:00","end_ts":"2026-01-01T00:00:00"}""")]
    [InlineData("/materialize-incremental", """{"end_ts":"soon"}""")]
    [InlineData("/materialize-incremental", """{"end_ts":"2026-01-01T00:00:00","feature_views":[null]}""")]
    public async Task Bodies_OfAnotherShape_AreRefused(string path, string body)
    {
        HttpResponseMessage answer = await PostAsync(path, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("HTP010", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(_system.Queried);
        Assert.Empty(_system.Ingested);
    }

    [Theory]
    [InlineData(10, HttpStatusCode.OK)]
    [InlineData(11, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Query_OfMoreValuesThanTheLimit_IsRefused(int rows, HttpStatusCode expected)
    {
        string ids = string.Join(',', Enumerable.Range(0, rows));

        HttpResponseMessage answer = await PostAsync(
            "/get-online-features", $$$"""{"features":["v:plays"],"entities":{"user":[{{{ids}}}]}}""");

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(
            expected != HttpStatusCode.OK,
            (await answer.Content.ReadAsStringAsync()).Contains("HTP019", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("online")]
    [InlineData("offline")]
    [InlineData("online_and_offline")]
    public async Task Push_ToAnyStore_ReachesTheOneIntake(string to)
    {
        HttpResponseMessage answer = await PostAsync(
            "/push",
            $$"""
            {"push_source_name":"play","df":{"user":["u1","u2"],"n":[1,null]},"to":"{{to}}","allow_registry_cache":true,
            "transform_on_write":true}
            """);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["play.user: u1,u2", "play.n: 1,"], _system.Ingested);
    }

    [Fact]
    public async Task Push_WithARefusedRow_SaysWhich()
    {
        HttpResponseMessage answer = await PostAsync(
            "/push", """{"push_source_name":"play","df":{"user":["u1","bad","u3"]}}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        string body = await answer.Content.ReadAsStringAsync();
        Assert.Contains("WSP005", body, StringComparison.Ordinal);
        Assert.Contains("\"place\":\"df row 1\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_OfMoreRowsThanTheLimit_TakesNone()
    {
        HttpResponseMessage answer = await PostAsync("/push", """{"push_source_name":"play","df":{"user":[1,2,3,4]}}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Empty(_system.Ingested);
    }

    [Theory]
    [InlineData("/materialize", """{"start_ts":"2026-01-01T00:00:00","end_ts":"2026-01-02T00:00:00Z","feature_views":["a","b"]}""", "a,b", false)]
    [InlineData("/materialize?force=true", """{"start_ts":"2026-01-01","end_ts":"2026-01-02","disable_event_timestamp":true}""", "", true)]
    [InlineData("/materialize-incremental", """{"end_ts":"2026-01-02T00:00:00"}""", "", false)]
    [InlineData("/materialize-incremental?force=true", """{"end_ts":"2026-01-02T00:00:00","feature_views":["a"]}""", "a", true)]
    public async Task Materialize_SaysWhatThereIsNow(string path, string body, string views, bool wait)
    {
        HttpResponseMessage answer = await PostAsync(path, body);

        Assert.Equal("""{"manifest":3,"until":99}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal((views, wait), _system.Materialized);
    }

    [Fact]
    public async Task Materialize_WhileAnotherRuns_IsAConflict()
    {
        _system.Failure = new TandemException(new Fault("WSP066", "No.", "Wait.") { Kind = FaultKind.Conflict });

        HttpResponseMessage answer = await PostAsync("/materialize-incremental", """{"end_ts":"2026-01-02T00:00:00"}""");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    [Theory]
    [InlineData("/get-online-features")]
    [InlineData("/push")]
    [InlineData("/materialize")]
    [InlineData("/materialize-incremental")]
    public async Task Bodies_OfAnotherType_AreRefused(string path)
    {
        HttpResponseMessage answer = await PostAsync(path, "{}", "text/plain");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Theory]
    [InlineData("/get-online-features")]
    [InlineData("/push")]
    [InlineData("/materialize")]
    [InlineData("/materialize-incremental")]
    public async Task Routes_OfAServerWithKeys_AskForOne(string path)
    {
        await using TandemServer guarded = await TandemServer.StartAsync(
            _system.Served, new ServerOptions { Address = "http://127.0.0.1:0", ApiKeys = [new string('k', 24)] });
        using StringContent body = new("{}", Encoding.UTF8, "application/json");

        HttpResponseMessage answer = await _client.PostAsync(new Uri(guarded.Address, path), body);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string json, string type = "application/json")
    {
        using StringContent body = new(json, Encoding.UTF8, type);
        return await _client.PostAsync(new Uri(path, UriKind.Relative), body);
    }
}
