using Tandem.Events;

namespace Tandem.Workspace;

/// <summary>How far the stream has been applied, and a way to wait for it.</summary>
internal sealed class AppliedPosition
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private long _offset;
    private Exception? _failure;

    /// <summary>Everything before this place has been applied.</summary>
    public JournalPosition Current => new(Interlocked.Read(ref _offset));

    /// <summary>Moves on and wakes who waited for it.</summary>
    public void MoveTo(JournalPosition position)
    {
        lock (_gate)
        {
            Interlocked.Exchange(ref _offset, position.Offset);
            while (_waiting.TryPeek(out TaskCompletionSource? waiter, out long wanted) && wanted <= position.Offset)
            {
                _waiting.Dequeue();
                waiter.TrySetResult();
            }
        }
    }

    /// <summary>Tells everybody that nothing will be applied any more.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure = failure;
            while (_waiting.TryDequeue(out TaskCompletionSource? waiter, out _))
            {
                waiter.TrySetException(failure);
            }
        }
    }

    /// <summary>Completes when everything before a place has been applied.</summary>
    public Task WaitAsync(JournalPosition position, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_offset >= position.Offset)
            {
                return Task.CompletedTask;
            }

            if (_failure is not null)
            {
                return Task.FromException(_failure);
            }

            TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiter, position.Offset);
            return waiter.Task.WaitAsync(cancellationToken);
        }
    }
}
