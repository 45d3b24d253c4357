using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tandem.Faults;
using Tandem.Workspace;

namespace Tandem.Server.Tests;

public sealed partial class TandemServerTests : IAsyncLifetime, IDisposable
{
    private static readonly string Key = new('k', 24);

    private readonly FakeSystem _system = new();
    private readonly HttpClient _client = new();
    private TandemServer? _server;

    public Task InitializeAsync() => Task.CompletedTask;

    public void Dispose() => _client.Dispose();

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Events_AsObjectArrayAndLines_ReachTheIntakeOneByOne()
    {
        await StartAsync();

        await PostAsync("/v1/events", """ {"a":1} """);
        await PostAsync("/v1/events", """[{"b":[2]}, 3]""");
        await PostAsync("/v1/events", "{\"c\":1}\n\n{\"bad\r\n", "application/x-ndjson");

        Assert.Equal(["{\"a\":1}", "{\"b\":[2]}", "3", "{\"c\":1}", "{\"bad\r"], _system.Ingested);
    }

    [Fact]
    public async Task Events_WithARefusedOne_AnswersOneOutcomeEach()
    {
        await StartAsync();

        string answer = await (await PostAsync("/v1/events", """[{"good":1},{"bad":1}]""")).Content.ReadAsStringAsync();

        Assert.Equal(
            """{"accepted":1,"refused":1,"outcomes":[{"index":0,"id":"e0","status":"accepted"},""" +
            """{"index":1,"id":"e1","status":"refused","fault":{"code":"EVT001","what":"Bad.","remedy":"Mend it."}}]}""",
            answer);
    }

    [Theory]
    [InlineData("", "body:1:1")]
    [InlineData("[1,", "body:1:3")]
    [InlineData("{} {}", "body:1:4")]
    [InlineData("7", "body")]
    public async Task Events_ThatAreNotJson_AreRefusedWithTheirPlace(string body, string place)
    {
        await StartAsync();

        JsonElement problem = await ProblemAsync(await PostAsync("/v1/events", body), HttpStatusCode.BadRequest);

        Assert.Equal("HTP010", problem.GetProperty("code").GetString());
        Assert.Equal(place, problem.GetProperty("place").GetString());
    }

    [Fact]
    public async Task Recommend_PassesTheQuestionOnAndAnswersInSnakeCase()
    {
        await StartAsync();

        HttpResponseMessage response = await PostAsync(
            "/v1/recommend", """{"user":"u1","k":5,"exclude_seen":false,"history":["a"],"filters":{"c":["x"]},"trace":true,"context":{"lat": 52.5, "slot":"tv"}}""");

        Assert.Equal(
            """{"request_id":"r1","model_version":"7","items":[{"id":"v1","position":1,"score":0.5,"source":"ials","propensity":1}]}""",
            await response.Content.ReadAsStringAsync());
        Assert.Equal(("u1", 5, false, true), (_system.Asked!.UserId, _system.Asked.Count, _system.Asked.ExcludeSeen, _system.Asked.Trace));
        Assert.Equal(["a"], _system.Asked.History);
        Assert.Equal(["x"], _system.Asked.Filters["c"]);
        Assert.Equal("""{"lat": 52.5, "slot":"tv"}"""u8, _system.Asked.Context.Span);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"usr":"u1"}""")]
    [InlineData("""{"k":"five"}""")]
    [InlineData("""{"k":1} x""")]
    [InlineData("""{"history":[null]}""")]
    [InlineData("""{"filters":{"c":null}}""")]
    [InlineData("""{"filters":{"c":[null]}}""")]
    public async Task Recommend_WithAWrongBody_AnswersBadRequest(string body)
    {
        await StartAsync();

        JsonElement problem = await ProblemAsync(await PostAsync("/v1/recommend", body), HttpStatusCode.BadRequest);

        Assert.Equal("HTP010", problem.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(FaultKind.Invalid, 400)]
    [InlineData(FaultKind.NotFound, 404)]
    [InlineData(FaultKind.Conflict, 409)]
    [InlineData(FaultKind.Unsupported, 422)]
    [InlineData(FaultKind.Busy, 429)]
    [InlineData(FaultKind.Damaged, 500)]
    [InlineData(FaultKind.Unavailable, 503)]
    public async Task Fault_OfEachKind_AnswersItsStatusAndItself(FaultKind kind, int status)
    {
        await StartAsync();
        _system.Failure = new TandemException(
            new Fault("SRV009", "It broke.", "Glue it.") { Kind = kind, Place = "shelf:2", Nearest = "shelves" });

        HttpResponseMessage response = await PostAsync("/v1/recommend", "{}");
        JsonElement problem = await ProblemAsync(response, (HttpStatusCode)status);

        Assert.Equal("SRV009", problem.GetProperty("code").GetString());
        Assert.Equal("It broke. Did you mean 'shelves'?", problem.GetProperty("what").GetString());
        Assert.Equal("Glue it.", problem.GetProperty("remedy").GetString());
        Assert.Equal("shelf:2", problem.GetProperty("place").GetString());
        Assert.Equal(status is 429 or 503, response.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task Failure_ThatNobodyForesaw_TellsItsKindButNotItsMessage()
    {
        List<Exception> told = [];
        await StartAsync(new ServerOptions { UnexpectedFailure = told.Add });
        _system.Failure = new InvalidOperationException("secret");

        HttpResponseMessage response = await PostAsync("/v1/recommend", "{}");
        JsonElement problem = await ProblemAsync(response, HttpStatusCode.InternalServerError);

        Assert.Equal("HTP012", problem.GetProperty("code").GetString());
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
        Assert.Same(_system.Failure, Assert.Single(told));
    }

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/v1/events", 405)]
    [InlineData("DELETE", "/v1/models", 405)]
    public async Task Route_ThatIsNotThere_AnswersAProblem(string method, string path, int status)
    {
        await StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), Url(path));

        JsonElement problem = await ProblemAsync(await _client.SendAsync(request), (HttpStatusCode)status);

        Assert.Equal("HTP007", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Key_WhereKeysAreSet_IsAskedOfEveryRouteButHealth()
    {
        await StartAsync(new ServerOptions { ApiKeys = [new string('x', 16), Key] });

        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(Url("/healthz"))).StatusCode);
        foreach (string path in (string[])["/v1/snapshot", "/V1/models", "/metrics", "/openapi/v1.json"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(path, "X-Api-Key", null));
            Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(path, "X-Api-Key", Key[1..]));
            Assert.Equal(HttpStatusCode.OK, await GetAsync(path, "X-Api-Key", Key));
            Assert.Equal(HttpStatusCode.OK, await GetAsync(path, "Authorization", $"Bearer {Key}"));
        }
    }

    [Fact]
    public async Task Host_ThatIsNotThisMachine_IsRefusedWithoutKeys()
    {
        await StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync("/v1/snapshot", "Host", "evil.example"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/v1/snapshot", "Host", "localhost:1"));
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "HTP001")]
    [InlineData("http://[::]:0", "HTP001")]
    [InlineData("https://127.0.0.1:0", "HTP002")]
    [InlineData("http://127.0.0.1:0/path", "HTP002")]
    [InlineData("nonsense", "HTP002")]
    public async Task StartAsync_OnAnAddressThatIsNotAllowed_Refuses(string address, string code)
    {
        TandemException exception = await Assert.ThrowsAsync<TandemException>(
            () => TandemServer.StartAsync(_system.Served, new ServerOptions { Address = address }));

        Assert.Equal(code, exception.Fault.Code);
    }

    [Fact]
    public async Task StartAsync_WithAShortKey_Refuses()
    {
        TandemException exception = await Assert.ThrowsAsync<TandemException>(
            () => TandemServer.StartAsync(_system.Served, new ServerOptions { ApiKeys = ["short"] }));

        Assert.Equal("HTP003", exception.Fault.Code);
    }

    [Fact]
    public async Task StartAsync_OnATakenPort_SaysSo()
    {
        await StartAsync();

        TandemException exception = await Assert.ThrowsAsync<TandemException>(
            () => TandemServer.StartAsync(_system.Served, new ServerOptions { Address = _server!.Address.ToString() }));

        Assert.Equal("HTP004", exception.Fault.Code);
    }

    [Fact]
    public async Task Live_SendsASnapshotAtOnceAndEndsWithTheServer()
    {
        await StartAsync(new ServerOptions { LiveStreams = 1 });
        using HttpResponseMessage response =
            await _client.GetAsync(Url("/v1/live"), HttpCompletionOption.ResponseHeadersRead);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());

        string? type = await reader.ReadLineAsync();
        string? data = await reader.ReadLineAsync();
        HttpStatusCode second = (await _client.GetAsync(Url("/v1/live"), HttpCompletionOption.ResponseHeadersRead)).StatusCode;
        await _server!.DisposeAsync();
        _server = null;

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("event: snapshot", type);
        Assert.StartsWith("data: {\"name\":\"small\"", data, StringComparison.Ordinal);
        Assert.Contains("\"training\":{\"state\":\"idle\",\"lastRun\":null}", data, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, second);
        Assert.Equal("\n", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Answers_OfEveryKind_CarrySecurityHeaders()
    {
        await StartAsync();

        foreach (string path in (string[])["/", "/nothing", "/v1/snapshot"])
        {
            HttpResponseMessage response = await _client.GetAsync(Url(path));
            Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"), StringComparer.Ordinal);
            Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.False(response.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task Ready_WithAFailedJob_SaysWhichAndStaysWell()
    {
        await StartAsync();
        Assert.Equal("{\"status\":\"ready\",\"problems\":[]}", await _client.GetStringAsync(Url("/ready")));

        _system.Problems =
        [
            new LoopProblem(DateTimeOffset.UnixEpoch, "online features", new Fault("BCK032", "Away.", "Start it.")),
        ];

        string body = await _client.GetStringAsync(Url("/ready"));
        Assert.Contains("\"status\":\"degraded\"", body, StringComparison.Ordinal);
        Assert.Contains("\"job\":\"online features\",\"code\":\"BCK032\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenApi_DescribesEveryRoute()
    {
        await StartAsync();

        using var document = JsonDocument.Parse(await _client.GetStringAsync(Url("/openapi/v1.json")));

        string[] paths = [.. document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "/get-online-features", "/healthz", "/materialize", "/materialize-incremental", "/metrics", "/push", "/ready", "/v1/advice", "/v1/events", "/v1/features", "/v1/features/{view}/{id}", "/v1/items", "/v1/items/{id}", "/v1/items/{id}/similar", "/v1/live",
                "/v1/models", "/v1/predict", "/v1/recommend", "/v1/runs/latest", "/v1/snapshot", "/v1/users", "/v1/users/{id}",
            ],
            paths);
    }

    [Fact]
    public async Task Similar_AndModelsAndMetrics_Answer()
    {
        await StartAsync();

        Assert.Equal(
            """{"item_id":"a/b","model_version":"7","items":[{"id":"v1","position":1,"score":1,"source":"ials"}]}""",
            await _client.GetStringAsync(Url("/v1/items/a%2Fb/similar?k=1")));
        Assert.Equal("""{"model":"small","champion":7,"versions":[]}""", await _client.GetStringAsync(Url("/v1/models")));
        Assert.Equal("tandem_requests_total 3\n", await _client.GetStringAsync(Url("/metrics")));
        await ProblemAsync(await _client.GetAsync(Url("/v1/items/a/similar?k=x")), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task LastRun_IsNullBeforeTheFirst_AndThenTheRun()
    {
        await StartAsync();

        Assert.Equal("null", await _client.GetStringAsync(Url("/v1/runs/latest")));
        _system.Run = """{"id":"1"}"""u8.ToArray();
        using HttpResponseMessage response = await _client.GetAsync(Url("/v1/runs/latest"));

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"id":"1"}""", await response.Content.ReadAsStringAsync());
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((int)status, document.RootElement.GetProperty("status").GetInt32());
        return document.RootElement.Clone();
    }

    private async Task StartAsync(ServerOptions? options = null) =>
        _server = await TandemServer.StartAsync(
            _system.Served, (options ?? new ServerOptions()) with { Address = "http://127.0.0.1:0" });

    private Uri Url(string path) => new(_server!.Address, path);

    private Task<HttpResponseMessage> PostAsync(string path, string body, string type = "application/json") =>
        _client.PostAsync(Url(path), new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type)));

    private async Task<HttpStatusCode> GetAsync(string path, string header, string? value)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Url(path));
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        return (await _client.SendAsync(request)).StatusCode;
    }
}
