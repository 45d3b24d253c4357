namespace Tandem.Events;

/// <summary>Wakes those who wait for the log to grow. Costs nothing while nobody waits.</summary>
internal sealed class Pulse
{
    private TaskCompletionSource? _next;

    /// <summary>Completes at the next beat. Take it before looking at what may have changed, and no beat is
    /// missed.</summary>
    public Task Next
    {
        get
        {
            TaskCompletionSource? next = Volatile.Read(ref _next);
            if (next is not null)
            {
                return next.Task;
            }

            TaskCompletionSource fresh = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _next, fresh, null) ?? fresh).Task;
        }
    }

    /// <summary>Wakes everyone who waits.</summary>
    public void Beat() => Interlocked.Exchange(ref _next, null)?.SetResult();
}
