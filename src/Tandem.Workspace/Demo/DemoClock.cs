namespace Tandem.Workspace.Demo;

/// <summary>A clock that a simulated world sets: it stands still until told the next moment, and never runs
/// backwards.</summary>
public sealed class DemoClock : TimeProvider
{
    private long _ticks;

    /// <summary>Starts the clock.</summary>
    /// <param name="start">First moment.</param>
    public DemoClock(DateTimeOffset start)
    {
        _ticks = start.UtcTicks;
    }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Moves to a moment; does nothing where that lies in the past.</summary>
    /// <param name="moment">The new now.</param>
    public void MoveTo(DateTimeOffset moment)
    {
        long wanted = moment.UtcTicks;
        long current = Interlocked.Read(ref _ticks);
        while (current < wanted)
        {
            long seen = Interlocked.CompareExchange(ref _ticks, wanted, current);
            if (seen == current)
            {
                return;
            }

            current = seen;
        }
    }
}
