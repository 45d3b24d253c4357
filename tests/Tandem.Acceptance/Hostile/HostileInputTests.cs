using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tandem.Registry;
using Tandem.Server;
using Tandem.Server.Tests;
using Tandem.Spec;
using Tandem.Workspace;
using Tandem.Workspace.Tests;

namespace Tandem.Acceptance.Hostile;

/// <summary>A hundred thousand inputs that no friendly program sends, over real HTTP: each is refused with a reason,
/// none breaks anything, and nothing of them stays in memory.</summary>
[Collection(Alone.Name)]
public sealed class HostileInputTests : IAsyncLifetime, IDisposable
{
    private const ulong Seed = 7;
    private const int Connections = 8;
    private const int EventCount = 50_000;
    private const int QuestionCount = 40_000;
    private const int SpecCount = 10_000;
    private const int LargestBatch = 40;

    // What users that were really named take, the log's memory of ids and the pools of buffers until they are full, and
    // noise; the inputs themselves are several times as much.
    private const long GrowthBytes = 40L << 20;

    private readonly SmallWorkspace _small = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = Connections });
    private readonly ConcurrentQueue<string> _complaints = new();
    private TandemWorkspace _workspace = null!;
    private TandemServer _server = null!;

    public async Task InitializeAsync()
    {
        _workspace = await _small.OpenAsync();
        await _small.RecordAsync(_workspace);
        await _workspace.CompactAsync();
        await _workspace.TrainAsync(TrainingCause.Manual);
        await _workspace.StartServingAsync();
        _server = await TandemServer.StartAsync(_workspace, new ServerOptions
        {
            Address = "http://127.0.0.1:0",
            UnexpectedFailure = failure => _complaints.Enqueue(string.Join('\n', failure.ToString().Split('\n').Take(8))),
        });
        _client.BaseAddress = _server.Address;
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _workspace.DisposeAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _small.Dispose();
    }

    [Fact]
    public async Task Events_ThatAreHostile_AreAllRefusedAndKept()
    {
        await SendEventsAsync(stream: 100, EventCount / 10);
        long before = Heap();

        await SendEventsAsync(stream: 0, EventCount);

        long growth = Heap() - before;
        Assert.True(_complaints.IsEmpty, Complaints());
        Assert.InRange(growth, long.MinValue, GrowthBytes);
        Assert.Equal(_refused, await _workspace.Quarantine.CountAsync());
        Assert.True(_refused > EventCount / 2, $"Only {_refused} lines reached the intake.");
        await AssertServesAsync();
    }

    [Fact]
    public async Task Questions_ThatAreHostile_AreRefusedOrAnswered()
    {
        // The first half fills what is bounded by design, such as the log's memory of ids: odd users are answered, and
        // what they were shown is logged.
        await SendQuestionsAsync(stream: 100, QuestionCount / 2);
        long before = Heap();

        await SendQuestionsAsync(stream: 0, QuestionCount / 2);

        long growth = Heap() - before;
        Assert.True(_complaints.IsEmpty, Complaints());
        Assert.InRange(growth, long.MinValue, GrowthBytes);
        Assert.True(_refused > QuestionCount / 2, $"Only {_refused} were refused.");
        await AssertServesAsync();
    }

    [Fact]
    public void Designs_ThatAreHostile_GiveFaults()
    {
        SpecVocabulary vocabulary = WorkspaceVocabulary.Build();
        HostileSpecs specs = new(new HostileText(Seed, 200));
        int faulty = 0;

        for (int n = 0; n < SpecCount; n++)
        {
            byte[] bytes = specs.Next();
            var file = SpecFile.Parse(bytes, "hostile.yaml", vocabulary);
            Assert.True((file.Spec is null) == (file.Faults.Count > 0), $"Seed {Seed}, file {n}");
            Assert.All(file.Faults, fault => Assert.StartsWith("hostile.yaml", fault.Place, StringComparison.Ordinal));
            faulty += file.Spec is null ? 1 : 0;
        }

        Assert.True(faulty > SpecCount / 2, $"Only {faulty} were faulty.");
    }

    private long _refused;

    private Task SendEventsAsync(ulong stream, int count) => InParallelAsync(stream, count, async (text, requests) =>
    {
        byte[][] lines = [.. Enumerable.Range(0, 1 + text.Next(LargestBatch)).Select(_ => requests.Event())];
        bool isLines = text.Chance(0.8);
        byte[] body = isLines
            ? [.. lines.SelectMany(line => line.Append((byte)'\n'))]
            : [.. "["u8, .. lines.SelectMany((line, n) => n == 0 ? line : [(byte)',', .. line]), .. "]"u8];
        using HttpResponseMessage response = await PostAsync("/v1/events", body, isLines ? "x-ndjson" : "json");
        if (response.StatusCode == HttpStatusCode.OK)
        {
            JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            Interlocked.Add(ref _refused, answer.GetProperty("refused").GetInt32());
            foreach (JsonElement outcome in answer.GetProperty("outcomes").EnumerateArray())
            {
                if (outcome.GetProperty("status").GetString() != "refused")
                {
                    int index = outcome.GetProperty("index").GetInt32();
                    Complain("accepted", index < lines.Length ? lines[index] : body);
                }
            }
        }
        else
        {
            await CheckProblemAsync(response, body);
        }

        return lines.Length;
    });

    private Task SendQuestionsAsync(ulong stream, int count) => InParallelAsync(stream, count, async (text, requests) =>
    {
        byte[] body = requests.Question();
        using HttpResponseMessage response = await PostAsync("/v1/recommend", body, text.Chance(0.99) ? "json" : "xml");
        if (response.StatusCode == HttpStatusCode.OK)
        {
            JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            if (answer.GetProperty("items").GetArrayLength() > 1000)
            {
                Complain("answered with too many items", body);
            }
        }
        else
        {
            Interlocked.Increment(ref _refused);
            await CheckProblemAsync(response, body);
        }

        return 1;
    });

    private async Task CheckProblemAsync(HttpResponseMessage response, byte[] body)
    {
        int status = (int)response.StatusCode;
        if (status is not (400 or 404 or 413 or 415 or 422))
        {
            Complain($"answered {status}", body);
            return;
        }

        JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        if (!problem.TryGetProperty("code", out _) || !problem.TryGetProperty("remedy", out _))
        {
            Complain("answered without code or remedy", body);
        }
    }

    private static Task InParallelAsync(
        ulong stream, int count, Func<HostileText, HostileRequests, Task<int>> send) =>
        Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
        {
            HostileText text = new(Seed, stream + (ulong)connection);
            HostileRequests requests = new(text);
            for (int sent = 0; sent < count / Connections;)
            {
                sent += await send(text, requests);
            }
        })));

    private async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string type)
    {
        using ByteArrayContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/" + type);
        return await _client.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    /// <summary>After all that, an honest client is still served.</summary>
    private async Task AssertServesAsync()
    {
        byte[] play = Encoding.UTF8.GetBytes(_small.Play(1, 3, TimeSpan.FromMinutes(1)));
        using HttpResponseMessage taken = await PostAsync("/v1/events", play, "json");
        Assert.Equal(1, (await taken.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accepted").GetInt32());
        using HttpResponseMessage asked = await PostAsync("/v1/recommend", "{\"user\":\"u1\",\"k\":3}"u8.ToArray(), "json");
        Assert.Equal(3, (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").GetArrayLength());
    }

    private void Complain(string what, byte[] body) =>
        _complaints.Enqueue($"{what}: {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 400)))}");

    private string Complaints() =>
        $"Seed {Seed}, {_complaints.Count} complaints, first:\n" + string.Join("\n---\n", _complaints.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).TakeLast(8));

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: true);
}
