using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Tandem.Server.Tests.Routes;

public sealed class RowRoutesTests : IAsyncLifetime, IDisposable
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";

    private readonly FakeSystem _system = new();
    private readonly HttpClient _client = new();
    private TandemServer _server = null!;

    public async Task InitializeAsync() => _server = await TandemServer.StartAsync(
        _system.Served, new ServerOptions { Address = "http://127.0.0.1:0" });

    public void Dispose() => _client.Dispose();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("PUT", "/v1/items/v1", """{"data":{}}""", Json, """Item Put v1: {"data":{}}""")]
    [InlineData("PATCH", "/v1/users/a%2Fb", """{"data":{}}""", Json, """User Patch a/b: {"data":{}}""")]
    [InlineData("DELETE", "/v1/items/v1", null, null, "Item Delete v1: {}")]
    [InlineData("DELETE", "/v1/users/u1", """{"time":"t"}""", Json, """User Delete u1: {"time":"t"}""")]
    [InlineData("PUT", "/v1/users", """[{"id":"u1"}]""", Json, """User Put : {"id":"u1"}""")]
    [InlineData("PATCH", "/v1/items", """{"id":"v1"}""", Lines, """Item Patch : {"id":"v1"}""")]
    [InlineData("DELETE", "/v1/items", """[{"id":"v1"}]""", Json, """Item Delete : {"id":"v1"}""")]
    public async Task Rows_ReachTheSystem(string method, string path, string? body, string? type, string expected)
    {
        HttpResponseMessage response = await SendAsync(method, path, body, type);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, Assert.Single(_system.Ingested));
    }

    [Fact]
    public async Task OneRow_IsAnsweredByItself_ManyByAList()
    {
        HttpResponseMessage one = await SendAsync("PUT", "/v1/items/v1", "{}", Json);
        HttpResponseMessage gone = await SendAsync("PATCH", "/v1/items/v1", """{"data":{"gone":1}}""", Json);
        HttpResponseMessage many = await SendAsync("PATCH", "/v1/items?outcomes=refused", "{}\n{\"gone\":1}", Lines);

        Assert.Equal("""{"index":0,"id":"e0","status":"accepted"}""", await one.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Contains("WSP025", await gone.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.StartsWith(
            """{"accepted":1,"refused":1,"outcomes":[{"index":1,"id":"e1","status":"refused",""",
            await many.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "/v1/items/v1", "{}", "text/plain", 415)]
    [InlineData("PUT", "/v1/items/v1", null, null, 415)]
    [InlineData("PUT", "/v1/items", "{", Json, 400)]
    [InlineData("DELETE", "/v1/items", null, null, 415)]
    [InlineData("PUT", "/v1/items?outcomes=none", "{}", Json, 400)]
    [InlineData("POST", "/v1/items", "{}", Json, 405)]
    public async Task Rows_SentWrongly_AreRefused(string method, string path, string? body, string? type, int status)
    {
        HttpResponseMessage response = await SendAsync(method, path, body, type);

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(_system.Ingested);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? body, string? type)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(_server.Address, path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type!);
        }

        return await _client.SendAsync(request);
    }
}
