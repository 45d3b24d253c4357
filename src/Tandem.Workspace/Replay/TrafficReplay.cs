using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using Tandem.Events;

namespace Tandem.Workspace.Replay;

/// <summary>Sends events to a running service over HTTP, in the rhythm in which they happened.</summary>
/// <remarks>What is due at one moment travels together. A busy service is asked again; since events keep their ids,
/// none is taken twice. Where the service is slower than the rhythm, nothing is left out: the lag grows.</remarks>
public sealed class TrafficReplay : IDisposable
{
    private const int MostEvents = 500;

    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(1);
    private static readonly MediaTypeHeaderValue Lines = new("application/x-ndjson");

    private readonly ReplayOptions _options;
    private readonly HttpClient _client;
    private readonly Uri _address;

    /// <summary>Prepares to send.</summary>
    /// <param name="options">Where to, and how fast.</param>
    public TrafficReplay(ReplayOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = options.Connections });
        _address = new Uri(options.Url, "/v1/events?outcomes=refused");
        if (options.ApiKey is { } key)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    /// <summary>Sends events, and completes when all are answered.</summary>
    /// <param name="events">Events in the order in which they happened.</param>
    /// <param name="progress">Hears how it goes, some times a second.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Faults.TandemException">WSP028: the service cannot be reached, or does not take
    /// events.</exception>
    public async Task<ReplayReport> RunAsync(
        IEnumerable<EventRecord> events, IProgress<ReplayReport>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = Channel.CreateBounded<Load>(_options.Connections);
        ReplayTally tally = new();
        var sending = Task.WhenAll(Enumerable.Range(0, _options.Connections)
            .Select(_ => SendAllAsync(queue, tally, progress, cancellationToken)));
        Task pacing = PaceAsync(events, queue.Writer, tally, stop.Token);
        if (await Task.WhenAny(pacing, sending).ConfigureAwait(false) == sending)
        {
            // Nobody is left to send.
            await stop.CancelAsync().ConfigureAwait(false);
        }

        await pacing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        queue.Writer.TryComplete();
        await sending.ConfigureAwait(false);
        await pacing.ConfigureAwait(false);
        return tally.Report();
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private async Task PaceAsync(
        IEnumerable<EventRecord> events, ChannelWriter<Load> queue, ReplayTally tally, CancellationToken cancellationToken)
    {
        DateTimeOffset? first = null;
        Load load = new();
        foreach (EventRecord record in events)
        {
            DateTimeOffset time = record.EventTime ?? record.KnownTime;
            if (time < _options.From || time >= _options.To)
            {
                continue;
            }

            first ??= time;
            TimeSpan due = (time - first.Value) / _options.Speed;
            bool isAhead = due > tally.Elapsed;
            if (load.Count > 0 && (isAhead || load.Count == MostEvents))
            {
                await queue.WriteAsync(load, cancellationToken).ConfigureAwait(false);
                load = new Load();
            }

            if (isAhead)
            {
                TimeSpan wait = due - tally.Elapsed;
                await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            }

            load.Add(record, due, time);
        }

        if (load.Count > 0)
        {
            await queue.WriteAsync(load, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SendAllAsync(
        Channel<Load> queue, ReplayTally tally, IProgress<ReplayReport>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (Load load in queue.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                tally.Begin(tally.Elapsed - load.Due);
                long started = Stopwatch.GetTimestamp();
                int refused = await SendAsync(load, tally, cancellationToken).ConfigureAwait(false);
                tally.Add(load.Count, refused, load.Until, Stopwatch.GetElapsedTime(started));
                if (progress is not null && tally.IsReportDue())
                {
                    progress.Report(tally.Report());
                }
            }
        }
        finally
        {
            // Where one fails, the others need not go on.
            queue.Writer.TryComplete();
        }
    }

    private async Task<int> SendAsync(Load load, ReplayTally tally, CancellationToken cancellationToken)
    {
        while (true)
        {
            using ReadOnlyMemoryContent body = new(load.Bytes);
            body.Headers.ContentType = Lines;
            try
            {
                using HttpResponseMessage response = await _client.PostAsync(_address, body, cancellationToken)
                    .ConfigureAwait(false);
                if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                {
                    tally.Retry();
                    await Task.Delay(response.Headers.RetryAfter?.Delta ?? UsualWait, cancellationToken)
                        .ConfigureAwait(false);
                    continue;
                }

                byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                return response.IsSuccessStatusCode
                    ? Refused(answer)
                    : throw WorkspaceErrors.NotTaken(_options.Url, $"it answers {(int)response.StatusCode}", null);
            }
            catch (Exception wrong) when (wrong is HttpRequestException or JsonException or KeyNotFoundException)
            {
                throw WorkspaceErrors.NotTaken(_options.Url, wrong.Message, wrong);
            }
        }
    }

    private static int Refused(byte[] answer)
    {
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("refused").GetInt32();
    }

    /// <summary>Events that travel together.</summary>
    private sealed class Load
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public int Count { get; private set; }

        public TimeSpan Due { get; private set; }

        public DateTimeOffset Until { get; private set; }

        public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

        public void Add(EventRecord record, TimeSpan due, DateTimeOffset time)
        {
            Due = Count == 0 ? due : Due;
            Until = time;
            EventJson.Write(record, _bytes);
            _bytes.Write("\n"u8);
            Count++;
        }
    }
}
