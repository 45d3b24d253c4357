using System.Threading.Channels;

namespace Tandem.Events;

/// <summary>The one writer of the log. Callers queue; whatever waits is written together, flushed once, and
/// acknowledged: group commit.</summary>
internal sealed class Committer : IAsyncDisposable
{
    private const int GroupBytes = 4 * 1024 * 1024;
    private const int PoolCount = 256;
    private const int MaxPooledBytes = 8 * 1024 * 1024;

    private readonly FileJournalOptions _options;
    private readonly TimeProvider _clock;
    private readonly JournalTip _tip;
    private readonly RecentIds _recent;
    private readonly Channel<Work> _queue;
    private readonly Channel<LineBatch> _pool = Channel.CreateBounded<LineBatch>(PoolCount);
    private readonly List<ReadOnlyMemory<byte>> _ranges = [];
    private readonly byte[] _stamp = new byte[EventTime.Length];
    private readonly Task _loop;
    private SegmentWriter _segment;
    private DateTimeOffset _lastStamp;

    public Committer(
        FileJournalOptions options,
        TimeProvider clock,
        JournalTip tip,
        RecentIds recent,
        SegmentWriter segment,
        DateTimeOffset lastStamp)
    {
        _options = options;
        _clock = clock;
        _tip = tip;
        _recent = recent;
        _segment = segment;
        _lastStamp = lastStamp;
        _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        _loop = Task.Run(RunAsync);
    }

    /// <summary>An empty batch to fill and to append.</summary>
    public LineBatch Rent() => _pool.Reader.TryRead(out LineBatch? batch) ? batch : new LineBatch();

    /// <summary>Takes a batch back.</summary>
    public void Return(LineBatch batch)
    {
        batch.Clear();
        if (batch.Bytes.Capacity > MaxPooledBytes || !_pool.Writer.TryWrite(batch))
        {
            batch.Dispose();
        }
    }

    /// <summary>Queues a batch, and completes when it is durable. The batch belongs to the committer from now
    /// on.</summary>
    public ValueTask<JournalPosition> AppendAsync(LineBatch batch, CancellationToken cancellationToken) =>
        QueueAsync(new Work(batch, new(TaskCreationOptions.RunContinuationsAsynchronously)), cancellationToken);

    /// <summary>Closes the segment behind everything that is queued so far.</summary>
    public ValueTask<JournalPosition> SealAsync(CancellationToken cancellationToken) =>
        QueueAsync(new Work(null, new(TaskCreationOptions.RunContinuationsAsynchronously)), cancellationToken);

    /// <summary>Commits what is queued, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        _segment.Dispose();
        while (_pool.Reader.TryRead(out LineBatch? batch))
        {
            batch.Dispose();
        }
    }

    private async ValueTask<JournalPosition> QueueAsync(Work work, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e) when (e.InnerException is { } cause)
        {
            throw EventErrors.DiskFailed("An earlier commit", _segment.Path, cause);
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException(nameof(FileJournal), e);
        }

        return await work.Done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        List<Work> group = [];
        try
        {
            while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                Gather(group);
                Commit(group);
                group.Clear();
            }

            _segment.Flush();
        }
#pragma warning disable CA1031 // The top of a background loop: whatever it is, everyone who waits must hear of it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _queue.Writer.TryComplete(e);
            Fail(group, e);
        }
    }

    private void Gather(List<Work> group)
    {
        long bytes = 0;
        while (bytes < GroupBytes && _queue.Reader.TryRead(out Work work))
        {
            group.Add(work);
            if (work.Batch is null)
            {
                return;
            }

            bytes += work.Batch.Bytes.Count;
        }
    }

    private void Commit(List<Work> group)
    {
        if (_segment.Length >= _options.SegmentBytes)
        {
            BeginSegment();
        }

        StampNow();
        long bytes = 0;
        long end = _segment.End;
        long empty = _segment.IsEmpty ? SegmentHeader.Size : 0;
        for (int i = 0; i < group.Count; i++)
        {
            bytes += group[i].Batch is { } batch ? Finish(batch) : 0;
            group[i] = group[i] with { End = bytes == 0 ? end : end + empty + bytes };
        }

        if (bytes > 0)
        {
            _segment.Write(_ranges, bytes);
            if (_options.FlushToDisk)
            {
                _segment.Flush();
            }

            _ranges.Clear();
            _tip.MoveEnd(_segment.End);
        }

        if (group[^1].Batch is null && !_segment.IsEmpty)
        {
            BeginSegment();
        }

        Acknowledge(group);
    }

    // Fills in the lines that are new, and notes their bytes for writing: neighbours as one range.
    private long Finish(LineBatch batch)
    {
        long bytes = 0;
        int rangeStart = 0;
        int rangeLength = 0;
        foreach (LineBatch.Line line in batch.Lines)
        {
            if (!_recent.Add(line.Id))
            {
                continue;
            }

            batch.Finish(line, _stamp);
            bytes += line.Length;
            if (rangeStart + rangeLength == line.Start)
            {
                rangeLength += line.Length;
                continue;
            }

            AddRange(batch, rangeStart, rangeLength);
            (rangeStart, rangeLength) = (line.Start, line.Length);
        }

        AddRange(batch, rangeStart, rangeLength);
        return bytes;
    }

    private void AddRange(LineBatch batch, int start, int length)
    {
        if (length > 0)
        {
            _ranges.Add(batch.Bytes.Slice(start, length));
        }
    }

    private void Acknowledge(List<Work> group)
    {
        foreach (Work work in group)
        {
            if (work.Batch is not null)
            {
                Return(work.Batch);
            }

            work.Done.SetResult(new JournalPosition(work.End));
        }
    }

    private void BeginSegment()
    {
        _segment.Flush();
        var next = Segment.At(_options.Folder, _segment.End);
        var writer = SegmentWriter.Create(next);
        _segment.Dispose();
        _segment = writer;
        _tip.Add(next);
    }

    // The moment of the append never goes back, even where the clock does.
    private void StampNow()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        _lastStamp = now > _lastStamp ? now : _lastStamp;
        EventTime.Write(_lastStamp, _stamp);
    }

    private void Fail(List<Work> group, Exception cause)
    {
        while (_queue.Reader.TryRead(out Work work))
        {
            group.Add(work);
        }

        foreach (Work work in group)
        {
            work.Done.TrySetException(EventErrors.DiskFailed("A commit", _segment.Path, cause));
        }
    }

    /// <summary>One queued request.</summary>
    /// <param name="Batch">Lines to append, or null to close the segment.</param>
    /// <param name="Done">Tells the caller.</param>
    /// <param name="End">Position behind the batch, once it is written.</param>
    private readonly record struct Work(LineBatch? Batch, TaskCompletionSource<JournalPosition> Done, long End = 0);
}
