namespace Tandem.Registry.Tests;

/// <summary>A clock that moves a second whenever it is read.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _reads;

    public override DateTimeOffset GetUtcNow() =>
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddSeconds(Interlocked.Increment(ref _reads) - 1);
}
