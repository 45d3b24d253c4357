using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tandem.Acceptance;

/// <summary><c>tandem up</c> as a process of its own, on a free port, to be asked over HTTP and killed.</summary>
internal sealed partial class RunningService : IDisposable
{
    private readonly Process _process;
    private readonly Task _output;
    private readonly Task<string> _error;

    private RunningService(Process process, string address, Task<string> error)
    {
        _process = process;
        _error = error;
        _output = process.StandardOutput.ReadToEndAsync();
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public HttpClient Client { get; }

    /// <summary>Starts it, and waits until it answers.</summary>
    public static async Task<RunningService> StartAsync(
        string folder, IReadOnlyDictionary<string, string?> environment)
    {
        Process process = CommandLine.Start(folder, environment, "up", "--address", "http://127.0.0.1:0");
        Task<string> error = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (IsUp().Match(line) is { Success: true } up)
            {
                return new RunningService(process, up.Groups["address"].Value, error);
            }
        }

        using (process)
        {
            throw new InvalidOperationException($"The service did not start: {await error}");
        }
    }

    /// <summary>Sends events, and gives how many were taken and refused.</summary>
    public async Task<(int Accepted, int Refused)> SendAsync(IEnumerable<string> events)
    {
        using StringContent body = new(
            string.Join('\n', events), Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        using JsonDocument answer = await AskAsync("/v1/events?outcomes=refused", body);
        JsonElement counts = answer.RootElement;
        return (counts.GetProperty("accepted").GetInt32(), counts.GetProperty("refused").GetInt32());
    }

    /// <summary>What a user is shown: model version, and items in order with their scores.</summary>
    public async Task<(string Version, string[] Items)> RecommendAsync(string user)
    {
        using StringContent body = new(
            $$"""{"user":"{{user}}","k":5}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using JsonDocument answer = await AskAsync("/v1/recommend", body);
        return (
            answer.RootElement.GetProperty("model_version").GetString()!,
            [
                .. answer.RootElement.GetProperty("items").EnumerateArray()
                    .Select(item => $"{item.GetProperty("id")} {item.GetProperty("score").GetDouble():R}"),
            ]);
    }

    /// <summary>Asks, and expects 200 with JSON.</summary>
    public async Task<JsonDocument> AskAsync(string path, HttpContent? body = null)
    {
        Uri uri = new(path, UriKind.Relative);
        using HttpResponseMessage answer =
            body is null ? await Client.GetAsync(uri) : await Client.PostAsync(uri, body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {text}");
        return JsonDocument.Parse(text);
    }

    /// <summary>Kills it: it has no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await Task.WhenAll(_output, _error);
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex(@"is up at (?<address>http://\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IsUp();
}
