using System.Diagnostics;
using Tandem.Events;
using Tandem.Features;

namespace Tandem.Bench.Features;

/// <summary>Events that go through the log into a store at a fixed rate, and how long each took from the call that
/// appends it until it can be read.</summary>
internal sealed class AppliedLoad : IAsyncDisposable
{
    private const int BatchLength = 250;
    private readonly IOnlineStore _store;
    private readonly FileJournal _journal;
    private readonly int _users;
    private readonly int _perSecond;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<double> _freshness = [];
    private readonly Task[] _tasks;
    private long _applied;

    public AppliedLoad(IOnlineStore store, FileJournal journal, int users, int perSecond)
    {
        _store = store;
        _journal = journal;
        _users = users;
        _perSecond = perSecond;
        _tasks = [Task.Run(FollowAsync), Task.Run(AppendAsync)];
    }

    /// <summary>Events applied.</summary>
    public long Applied => Volatile.Read(ref _applied);

    /// <summary>Milliseconds from the call that appends events until they can be read, an entry a batch.</summary>
    public double[] Freshness()
    {
        lock (_freshness)
        {
            return [.. _freshness];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        await foreach (JournalBatch batch in _journal.ReadAsync(_journal.End, follow: true, _stop.Token))
        {
            await _store.ApplyAsync(batch, _stop.Token);
            Interlocked.Add(ref _applied, batch.Events.Count);
        }
    }

    // A batch every few milliseconds, whether or not the one before is durable: senders do not wait for each other.
    private async Task AppendAsync()
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(2));
        var watch = Stopwatch.StartNew();
        long sent = 0;
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            for (; sent < watch.Elapsed.TotalSeconds * _perSecond; sent += BatchLength)
            {
                DateTimeOffset now = TimeProvider.System.GetUtcNow();
                var events = new EventRecord[BatchLength];
                for (int i = 0; i < events.Length; i++)
                {
                    long number = FeatureBenchmark.FirstLive + sent + i;
                    events[i] = FeatureSystem.Make(number, (int)(number * 31 % _users), now);
                }

                _ = TimeAsync(events);
            }
        }
    }

    private async Task TimeAsync(EventRecord[] events)
    {
        long begun = Stopwatch.GetTimestamp();
        JournalPosition end = await _journal.AppendAsync(events, _stop.Token);
        while (_store.AppliedUntil.CompareTo(end) < 0)
        {
            await Task.Delay(1, _stop.Token);
        }

        lock (_freshness)
        {
            _freshness.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
    }
}
