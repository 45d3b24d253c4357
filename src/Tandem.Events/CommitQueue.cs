using System.Threading.Channels;
using Tandem.Faults;

namespace Tandem.Events;

/// <summary>What waits for the committer: never more than its bounds allow. Any number of callers add, one
/// takes.</summary>
internal sealed class CommitQueue
{
    private const int GroupBytes = 4 * 1024 * 1024;

    private readonly int _length;
    private readonly long _maxBytes;
    private readonly Channel<Work> _channel =
        Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });

    private int _count;
    private long _bytes;
    private volatile TandemException? _cause;

    public CommitQueue(int length, long maxBytes)
    {
        _length = length;
        _maxBytes = maxBytes;
    }

    /// <summary>Adds a batch.</summary>
    /// <exception cref="TandemException">EVT011: too much waits already; or why the committer takes no more.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public void Add(LineBatch batch)
    {
        int count = Interlocked.Increment(ref _count);
        long bytes = Interlocked.Add(ref _bytes, batch.Bytes.Count);
        bool isFull = count > _length || (count > 1 && bytes > _maxBytes);
        if (isFull || !_channel.Writer.TryWrite(new Work(batch, null)))
        {
            Leave(batch);
            throw isFull ? EventErrors.TooMuchWaits(count - 1, bytes - batch.Bytes.Count) : Closed();
        }
    }

    /// <summary>Adds a wish to close the segment.</summary>
    /// <exception cref="TandemException">Why the committer takes no more.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public void AddSeal(TaskCompletionSource sealedNow)
    {
        if (!_channel.Writer.TryWrite(new Work(null, sealedNow)))
        {
            throw Closed();
        }
    }

    /// <summary>Wakes the committer where nothing else does.</summary>
    public void Wake() => _channel.Writer.TryWrite(default);

    /// <summary>Waits until there is something to take.</summary>
    /// <returns>False where nothing will come any more.</returns>
    public ValueTask<bool> WaitAsync() => _channel.Reader.WaitToReadAsync();

    /// <summary>Takes what is to be written together: batches up to some bytes, or up to the first wish to close the
    /// segment.</summary>
    /// <param name="group">Receives the batches.</param>
    /// <returns>Whom to tell when the segment is closed, or null.</returns>
    public TaskCompletionSource? Take(List<LineBatch> group)
    {
        long bytes = 0;
        while (bytes < GroupBytes && _channel.Reader.TryRead(out Work work))
        {
            if (work.SealedNow is not null)
            {
                return work.SealedNow;
            }

            if (work.Batch is not null)
            {
                group.Add(work.Batch);
                bytes += work.Batch.Bytes.Count;
                Leave(work.Batch);
            }
        }

        return null;
    }

    /// <summary>Lets nothing more in.</summary>
    /// <param name="cause">Why, or null where the journal closes.</param>
    public void Close(TandemException? cause = null)
    {
        _cause ??= cause;
        _channel.Writer.TryComplete();
    }

    private void Leave(LineBatch batch)
    {
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -batch.Bytes.Count);
    }

    private Exception Closed() => _cause is { } cause
        ? new TandemException(cause.Faults, cause)
        : new ObjectDisposedException(nameof(FileJournal));

    /// <summary>One thing to do; neither of the two is a mere knock.</summary>
    private readonly record struct Work(LineBatch? Batch, TaskCompletionSource? SealedNow);
}
