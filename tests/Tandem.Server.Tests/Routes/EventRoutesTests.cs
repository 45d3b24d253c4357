using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tandem.Workspace;

namespace Tandem.Server.Tests.Routes;

[Collection(Alone.Name)]
public sealed class EventRoutesTests : IAsyncLifetime, IDisposable
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";

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
    public async Task Lines_LongerThanOneRun_ReachTheIntakeWholeAndInOrder()
    {
        await StartAsync();
        string[] lines = [.. Enumerable.Range(0, 3000).Select(n => $"{{\"n\":{n},\"pad\":\"{new string('x', n % 700)}\"}}")];

        JsonElement answer = await AnswerAsync(await PostAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)), Lines));

        Assert.Equal(string.Join('\n', lines), string.Join('\n', _system.Ingested));
        Assert.Equal(3000, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(
            Enumerable.Range(0, 3000),
            answer.GetProperty("outcomes").EnumerateArray().Select(outcome => outcome.GetProperty("index").GetInt32()));
    }

    [Fact]
    public async Task Lines_WithOneLongerThanAnyEvent_AreRefusedFromThereOn()
    {
        await StartAsync();
        string body = "{\"a\":1}\n" + new string('x', 3 << 20) + "\n{\"b\":1}";

        JsonElement problem = await ProblemAsync(await PostAsync(Encoding.UTF8.GetBytes(body), Lines), HttpStatusCode.BadRequest);

        Assert.Equal("HTP010", problem.GetProperty("code").GetString());
        Assert.Equal("body:2:1", problem.GetProperty("place").GetString());
        Assert.Equal(["{\"a\":1}"], _system.Ingested);
    }

    [Theory]
    [InlineData("[{\"a\":1},{\"b\":2}]", Json)]
    [InlineData("{\"a\":1}\n{\"b\":2}\n", Lines)]
    public async Task Gzip_IsUnpacked(string body, string type)
    {
        await StartAsync();

        await AnswerAsync(await PostAsync(Pack(Encoding.UTF8.GetBytes(body)), type, "gzip"));

        Assert.Equal(["{\"a\":1}", "{\"b\":2}"], _system.Ingested);
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Lines)]
    public async Task Gzip_ThatUnpacksToTooMuch_IsRefusedWithoutBeingHeld(string type)
    {
        await StartAsync(new ServerOptions { UnpackedBytes = 4 << 20 });
        byte[] blanks = new byte[512 << 20];
        Array.Fill(blanks, (byte)'\n');
        byte[] bomb = Pack(blanks);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        JsonElement problem = await ProblemAsync(await PostAsync(bomb, type, "gzip"), HttpStatusCode.RequestEntityTooLarge);

        Assert.Equal("HTP015", problem.GetProperty("code").GetString());
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64L << 20);
        Assert.Empty(_system.Ingested);
    }

    [Fact]
    public async Task Gzip_ThatIsCutOrNone_IsRefused()
    {
        await StartAsync();
        byte[] whole = Pack(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 5000))}]"));

        JsonElement cut = await ProblemAsync(await PostAsync(whole[..(whole.Length / 2)], Json, "gzip"), HttpStatusCode.BadRequest);
        JsonElement none = await ProblemAsync(await PostAsync("[1]"u8.ToArray(), Json, "gzip"), HttpStatusCode.BadRequest);

        Assert.Equal("HTP010", cut.GetProperty("code").GetString());
        Assert.Equal("HTP010", none.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    public async Task Encoding_ThatIsNotKnown_IsRefused(string encoding)
    {
        await StartAsync();

        HttpResponseMessage response = await PostAsync("[1]"u8.ToArray(), Json, encoding);

        JsonElement problem = await ProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
        Assert.Equal("HTP016", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task TooManyEvents_AreRefused()
    {
        await StartAsync(new ServerOptions { EventsPerRequest = 3 });

        HttpResponseMessage fits = await PostAsync("[1,2,3]"u8.ToArray(), Json);
        JsonElement problem = await ProblemAsync(
            await PostAsync("[1,2,3,4]"u8.ToArray(), Json), HttpStatusCode.RequestEntityTooLarge);

        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        Assert.Equal("HTP018", problem.GetProperty("code").GetString());
        Assert.Equal(3, _system.Ingested.Count);
    }

    [Fact]
    public async Task Outcomes_OfRefusedAlone_KeepTheirIndex()
    {
        await StartAsync();

        JsonElement answer = await AnswerAsync(
            await PostAsync("""[{"good":1},{"bad":1}]"""u8.ToArray(), Json, query: "?outcomes=refused"));
        JsonElement problem = await ProblemAsync(
            await PostAsync("[]"u8.ToArray(), Json, query: "?outcomes=some"), HttpStatusCode.BadRequest);

        Assert.Equal(1, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(1, Assert.Single(answer.GetProperty("outcomes").EnumerateArray()).GetProperty("index").GetInt32());
        Assert.Equal("HTP017", problem.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("application/cloudevents+json; charset=utf-8", """{"specversion":"1.0"}""", 1)]
    [InlineData("application/cloudevents-batch+json", """[{"specversion":"1.0"},{"specversion":"1.0"}]""", 2)]
    public async Task CloudEvents_StructuredAndInBatches_ReachTheIntakeAsSuch(string type, string body, int count)
    {
        await StartAsync();

        await AnswerAsync(await PostAsync(Encoding.UTF8.GetBytes(body), type));

        Assert.Equal(EventForm.CloudEvent, _system.Form);
        Assert.Equal(count, _system.Ingested.Count(line => line == """{"specversion":"1.0"}"""));
    }

    [Fact]
    public async Task CloudEvents_InBinaryMode_ReachTheIntakeAsTheStructuredModeWouldWriteThem()
    {
        await StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(_server!.Address, "/v1/events"));
        request.Content = new ByteArrayContent("""{"watch_fraction":0.5}"""u8.ToArray());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Json);
        request.Headers.Add("ce-specversion", "1.0");
        request.Headers.Add("CE-Id", "a%20%C3%BC");
        request.Headers.Add("ce-type", "play");

        await AnswerAsync(await _client.SendAsync(request));

        Assert.Equal(EventForm.CloudEvent, _system.Form);
        using var json = JsonDocument.Parse(Assert.Single(_system.Ingested));
        Assert.Equal("1.0", json.RootElement.GetProperty("specversion").GetString());
        Assert.Equal("a ü", json.RootElement.GetProperty("id").GetString());
        Assert.Equal("play", json.RootElement.GetProperty("type").GetString());
        Assert.Equal(0.5, json.RootElement.GetProperty("data").GetProperty("watch_fraction").GetDouble());
    }

    [Theory]
    [InlineData("{\"a\":", Json, HttpStatusCode.BadRequest, "HTP010")]
    [InlineData("{\"a\":\"\xff", Json, HttpStatusCode.BadRequest, "HTP010")]
    [InlineData("<a/>", "text/xml", HttpStatusCode.UnsupportedMediaType, "HTP009")]
    public async Task CloudEvents_InBinaryModeWithWrongData_AreRefused(
        string body, string type, HttpStatusCode status, string code)
    {
        await StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(_server!.Address, "/v1/events"));
        request.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.Add("ce-specversion", "1.0");

        JsonElement problem = await ProblemAsync(await _client.SendAsync(request), status);

        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Empty(_system.Ingested);
    }

    private async Task StartAsync(ServerOptions? options = null) => _server = await TandemServer.StartAsync(
        _system.Served, (options ?? new ServerOptions()) with { Address = "http://127.0.0.1:0" });

    private async Task<HttpResponseMessage> PostAsync(byte[] body, string type, string? encoding = null, string query = "")
    {
        using ByteArrayContent content = new(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        return await _client.PostAsync(new Uri(_server!.Address, "/v1/events" + query), content);
    }

    private static async Task<JsonElement> AnswerAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, text);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(text).RootElement;
    }

    private static byte[] Pack(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
