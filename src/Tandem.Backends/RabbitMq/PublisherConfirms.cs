namespace Tandem.Backends.RabbitMq;

/// <summary>Counts what was published on a channel against what the broker confirmed. Thread safe.</summary>
internal sealed class PublisherConfirms
{
    private readonly Lock _gate = new();
    private readonly SortedSet<ulong> _waiting = [];
    private ulong _published;
    private Exception? _failure;
    private TaskCompletionSource? _settled;

    /// <summary>Counts a message that is about to be published.</summary>
    public void Add()
    {
        lock (_gate)
        {
            _waiting.Add(++_published);
        }
    }

    /// <summary>Takes a confirmation.</summary>
    /// <param name="number">Number of the message on its channel.</param>
    /// <param name="isMultiple">True where all before it are confirmed too.</param>
    public void Settle(ulong number, bool isMultiple)
    {
        lock (_gate)
        {
            _waiting.Remove(number);
            while (isMultiple && _waiting.Count > 0 && _waiting.Min < number)
            {
                _waiting.Remove(_waiting.Min);
            }

            if (_waiting.Count == 0)
            {
                _settled?.TrySetResult();
            }
        }
    }

    /// <summary>Nothing more will be confirmed.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            _settled?.TrySetException(_failure);
        }
    }

    /// <summary>Completes when everything published so far is confirmed.</summary>
    public Task WaitAsync()
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                return Task.FromException(_failure);
            }

            _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_waiting.Count == 0)
            {
                _settled.SetResult();
            }

            return _settled.Task;
        }
    }
}
