using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Tandem.Events;
using Tandem.Serving;
using Tandem.Worlds;

namespace Tandem.Workspace.Demo;

/// <summary>One day on which the world's users ask the service over HTTP and react to what it shows.</summary>
internal sealed class LiveDay : IDisposable
{
    private const int Slots = 10;
    private const int TopPositions = 3;
    private const int ProbeEvery = 10;
    private const int JudgeEvery = 4;

    private readonly VideoWorld _world;
    private readonly TandemWorkspace _workspace;
    private readonly DemoClock _clock;
    private readonly HttpClient _client;
    private readonly int _concurrency;
    private readonly LiveTally _tally = new();
    private readonly ThreadLocal<float[]> _scores;

    public LiveDay(VideoWorld world, TandemWorkspace workspace, DemoClock clock, Uri address, int concurrency)
    {
        _world = world;
        _workspace = workspace;
        _clock = clock;
        _concurrency = concurrency;
        _client = new HttpClient { BaseAddress = address };
        _scores = new ThreadLocal<float[]>(() => new float[world.ItemCount]);
    }

    public async Task<DemoDay> RunAsync(
        int day, IProgress<(string Step, double Share)> progress, CancellationToken cancellationToken)
    {
        string step = string.Create(CultureInfo.InvariantCulture, $"day {day}");
        await SendAsync([.. _world.Rows(day - 1)], cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Visit> visits = _world.Visits(day - 1);
        DateTimeOffset nextTick = _world.Options.Start.AddDays(day - 1).AddHours(1);
        int runsBefore = _workspace.Runs.Count;
        int at = 0;
        while (at < visits.Count)
        {
            int end = Math.Min(at + _concurrency, visits.Count);
            while (visits[at].Time >= nextTick)
            {
                _clock.MoveTo(nextTick);
                await TickAsync(cancellationToken).ConfigureAwait(false);
                nextTick = nextTick.AddHours(1);
            }

            _clock.MoveTo(visits[end - 1].Time);
            await Task.WhenAll(Enumerable.Range(at, end - at)
                .Select(index => VisitAsync(visits[index], cancellationToken))).ConfigureAwait(false);
            at = end;
            progress.Report((step, at * 0.99 / visits.Count));
        }

        _clock.MoveTo(_world.Options.Start.AddDays(day));
        await TickAsync(cancellationToken).ConfigureAwait(false);
        progress.Report((step, 1));
        return _tally.Close(day, _workspace, runsBefore, _world.Options.Start.AddDays(day - 1));
    }

    public void Dispose()
    {
        _client.Dispose();
        _scores.Dispose();
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        LoopProblem? before = _workspace.Problem;
        await _workspace.TickAsync(cancellationToken).ConfigureAwait(false);
        if (_workspace.Problem is { } problem && problem != before)
        {
            _tally.Problem(problem);
        }
    }

    private async Task VisitAsync(Visit visit, CancellationToken cancellationToken)
    {
        string user = _world.UserId(visit.User);
        long started = Stopwatch.GetTimestamp();
        (string requestId, int[] shown)? answer = await AskAsync(user, cancellationToken).ConfigureAwait(false);
        if (answer is not { } list)
        {
            _tally.Fail();
            return;
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        _tally.Answer(elapsed);
        if (visit.Index % JudgeEvery == 0)
        {
            ListQuality quality = _world.Judge(visit.User, visit.Time, list.shown, _scores.Value!);
            _tally.Judge(quality, visit.Time.Hour / LiveTally.QuarterHours);
        }

        IReadOnlyList<EventRecord> actions = _world.React(visit, list.shown, list.requestId);
        int satisfied = CountSatisfied(actions, list.shown);
        bool isProbe = satisfied > 0 && visit.Index % ProbeEvery == 0;
        string[] wouldBe = isProbe ? Probe(user, excludeSeen: null) : [];
        string[] ranking = isProbe ? Probe(user, excludeSeen: false) : [];
        await SendAsync(actions, cancellationToken).ConfigureAwait(false);
        if (isProbe)
        {
            _tally.Probe(
                !wouldBe.AsSpan().SequenceEqual(Probe(user, excludeSeen: null)),
                !ranking.AsSpan().SequenceEqual(Probe(user, excludeSeen: false)));
        }
    }

    /// <summary>Asks in process, without logging and with nothing left to chance: what would be shown now?</summary>
    private string[] Probe(string user, bool? excludeSeen)
    {
        RecommendResponse response = _workspace.Predictor.Recommend(
            new RecommendRequest { UserId = user, Count = Slots, ExcludeSeen = excludeSeen, Explore = false });
        return [.. response.Items.Select(item => item.Id)];
    }

    private int CountSatisfied(IReadOnlyList<EventRecord> actions, int[] shown)
    {
        int count = 0;
        foreach (EventRecord action in actions)
        {
            if (_workspace.IsPositive(action))
            {
                count++;
                int item = _world.FindItem(action.Entities[^1].Id);
                _tally.Satisfied(Array.IndexOf(shown, item) >= TopPositions);
            }
        }

        return count;
    }

    private async Task<(string RequestId, int[] Shown)?> AskAsync(string user, CancellationToken cancellationToken)
    {
        using StringContent body = new(
            string.Create(CultureInfo.InvariantCulture, $"{{\"user\":\"{user}\",\"k\":{Slots}}}"),
            new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage response = await _client.PostAsync(
            new Uri("/v1/recommend", UriKind.Relative), body, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return null;
        }

        byte[] json = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        using var document = JsonDocument.Parse(json);
        JsonElement items = document.RootElement.GetProperty("items");
        int[] shown = new int[items.GetArrayLength()];
        for (int i = 0; i < shown.Length; i++)
        {
            shown[i] = _world.FindItem(items[i].GetProperty("id").GetString());
        }

        return (document.RootElement.GetProperty("request_id").GetString()!, shown);
    }

    private async Task SendAsync(IReadOnlyList<EventRecord> events, CancellationToken cancellationToken)
    {
        for (int at = 0; at < events.Count; at += 1000)
        {
            ArrayBufferWriter<byte> lines = new(64 * 1024);
            foreach (EventRecord record in events.Skip(at).Take(1000))
            {
                EventJson.Write(record, lines);
                lines.Write("\n"u8);
            }

            using ReadOnlyMemoryContent body = new(lines.WrittenMemory);
            body.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            using HttpResponseMessage response = await _client.PostAsync(
                new Uri("/v1/events", UriKind.Relative), body, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                _tally.Fail();
            }
        }
    }
}
