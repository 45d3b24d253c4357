using System.Net;
using System.Text.Json;

namespace Tandem.Server.Tests;

public sealed partial class TandemServerTests
{
    [Fact]
    public async Task Body_ThatIsTooLong_AnswersPayloadTooLarge()
    {
        await StartAsync(new ServerOptions { BodyBytes = 100 });

        HttpResponseMessage response = await PostAsync("/v1/events", new string(' ', 101));

        Assert.Equal("HTP008", (await ProblemAsync(response, HttpStatusCode.RequestEntityTooLarge)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Body_ThatIsTooDeep_AnswersBadRequest()
    {
        await StartAsync(new ServerOptions { JsonDepth = 4 });

        HttpResponseMessage events = await PostAsync("/v1/events", "[[[[[1]]]]]");
        HttpResponseMessage recommend = await PostAsync("/v1/recommend", """{"filters":{"a":[[[[1]]]]}}""");

        Assert.Equal(HttpStatusCode.BadRequest, events.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, recommend.StatusCode);
    }

    [Fact]
    public async Task MediaType_ThatIsNotUnderstood_IsRefused()
    {
        await StartAsync();

        HttpResponseMessage response = await PostAsync("/v1/recommend", "{}", "text/plain");

        JsonElement problem = await ProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
        Assert.Equal("HTP009", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Requests_BeyondTheRate_AreToldToWait()
    {
        await StartAsync(new ServerOptions { RequestsPerSecond = 1 });

        HttpStatusCode[] statuses = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(async _ => (await _client.GetAsync(Url("/healthz"))).StatusCode));

        Assert.Contains(HttpStatusCode.OK, statuses);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Fact]
    public async Task Requests_BeyondThoseInWork_WaitAndThenAreToldToComeBack()
    {
        await StartAsync(new ServerOptions { ConcurrentRequests = 1 });
        TaskCompletionSource gate = new();
        _system.Gate = gate.Task;

        List<Task<HttpResponseMessage>> requests =
            [.. Enumerable.Range(0, 4).Select(_ => PostAsync("/v1/recommend", "{}"))];

        // One is in work and one waits for as long as the gate is shut: the other two are refused meanwhile.
        for (int refused = 0; refused < 2; refused++)
        {
            Task<HttpResponseMessage> answered = await Task.WhenAny(requests);
            requests.Remove(answered);
            Assert.Equal(HttpStatusCode.TooManyRequests, (await answered).StatusCode);
        }

        gate.SetResult();
        Assert.All(await Task.WhenAll(requests), answered => Assert.Equal(HttpStatusCode.OK, answered.StatusCode));
    }
}
