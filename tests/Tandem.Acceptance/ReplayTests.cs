using System.Diagnostics;
using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Server;
using Tandem.Testing;
using Tandem.Workspace;
using Tandem.Workspace.Replay;
using Tandem.Workspace.Tests;

namespace Tandem.Acceptance;

/// <summary>A log as live traffic for a service that runs.</summary>
public sealed class ReplayTests : IAsyncLifetime, IDisposable
{
    private readonly SmallWorkspace _small = new();
    private readonly TestFolder _old = new();
    private TandemWorkspace _workspace = null!;
    private TandemServer _server = null!;

    public async Task InitializeAsync()
    {
        _workspace = await _small.OpenAsync();
        await _workspace.StartServingAsync();
        _server = await TandemServer.StartAsync(_workspace, new ServerOptions { Address = "http://127.0.0.1:0" });
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _workspace.DisposeAsync();
    }

    public void Dispose()
    {
        _small.Dispose();
        _old.Dispose();
    }

    [Fact]
    public async Task Replay_OfALog_MakesEachEventOnce()
    {
        await WriteOldAsync(3000, bad: 10);

        ReplayReport report = await RunAsync(speed: 1e6);
        ReplayReport again = await RunAsync(speed: 1e6);

        Assert.Equal((3000, 2990, 10), (report.Sent, report.Accepted, report.Refused));
        Assert.Equal(2990, again.Accepted);
        string[] ids = [.. LogFiles.Read(_small.LogFolder).Select(record => record.Id)];
        Assert.Equal(2990, ids.Length);
        Assert.Equal(2990, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.InRange(report.P99Milliseconds, report.P50Milliseconds, double.MaxValue);
    }

    [Fact]
    public async Task Replay_KeepsTheRhythm_AndTheWindow()
    {
        await WriteOldAsync(40, bad: 0);
        long started = Stopwatch.GetTimestamp();

        ReplayReport report = await RunAsync(speed: 10, from: Moment(10), to: Moment(30));

        // Nineteen seconds between the first and the last, ten times as fast.
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromSeconds(19.0 / 10));
        Assert.Equal(20, report.Sent);
        Assert.Equal(Moment(29), report.Until);
        Assert.True(report.Requests > 1);
    }

    [Fact]
    public async Task TheVerb_SendsAWorldAndSaysHowItWent()
    {
        CommandResult sent = (await CommandLine.RunAsync(
            _old.Path, "replay", "--world", "0.01", "--from", "2026-01-01T00:00:00Z", "--to", "2026-01-01T06:00:00Z",
            "--speed", "1000000", "--url", _server.Address.ToString(), "--json")).Expect(1);
        CommandResult wrong = (await CommandLine.RunAsync(_old.Path, "replay", "--url", "nowhere")).Expect(2);

        // The small system knows impressions, but neither videos nor viewers.
        using var report = JsonDocument.Parse(sent.Output);
        Assert.InRange(report.RootElement.GetProperty("accepted").GetInt64(), 1, long.MaxValue);
        Assert.InRange(report.RootElement.GetProperty("refused").GetInt64(), 1, long.MaxValue);
        Assert.Contains("'nowhere'", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_ToNobody_SaysSo()
    {
        await WriteOldAsync(1, bad: 0);
        using TrafficReplay replay = new(new ReplayOptions { Url = new Uri("http://127.0.0.1:9") });

        TandemException failed = await Assert.ThrowsAsync<TandemException>(() =>
            replay.RunAsync(LogFiles.Read(_old.Path)));

        Assert.Equal("WSP028", failed.Fault.Code);
    }

    private async Task<ReplayReport> RunAsync(double speed, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        using TrafficReplay replay = new(new ReplayOptions { Url = _server.Address, Speed = speed, From = from, To = to });
        return await replay.RunAsync(LogFiles.Read(_old.Path));
    }

    private async Task WriteOldAsync(int count, int bad)
    {
        await using FileJournal journal = await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = _old.Path }, _small.Clock);
        await journal.AppendAsync([.. Enumerable.Range(0, count).Select(n => new EventRecord
        {
            Id = $"old-{n}",
            Type = "play",
            Entities = [new EntityKey("user", $"u{n % 7}"), new EntityKey("item", $"v{n % 5}")],
            EventTime = Moment(n),
            Data = n < bad ? """{"watch_fraction":7}"""u8.ToArray() : """{"watch_fraction":0.7}"""u8.ToArray(),
        })]);
    }

    private static DateTimeOffset Moment(int second) =>
        new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(second);
}
