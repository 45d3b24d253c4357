namespace Tandem.Testing;

/// <summary>A clock that stands still until a test moves it. Its timers run when <see cref="Advance"/> passes their
/// time, on the test's thread.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly DateTimeOffset _start;
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];

    public ManualClock()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public ManualClock(DateTimeOffset now)
    {
        _start = now;
        Now = now;
    }

    public DateTimeOffset Now { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>Spans are real, and longer by what the test moved on meanwhile.</summary>
    public override long GetTimestamp() =>
        base.GetTimestamp() + (long)((Now - _start).TotalSeconds * TimestampFrequency);

    public void Advance(TimeSpan time)
    {
        Now += time;
        List<ManualTimer> due;
        lock (_gate)
        {
            due = [.. _timers.Where(timer => timer.Due <= Now)];
            _timers.RemoveAll(due.Contains);
        }

        due.ForEach(static timer => timer.Run());
    }

    /// <summary>Runs once per <see cref="ITimer.Change"/>; periods are not supported.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Run() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock.Now + dueTime;
                    clock._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
