using Tandem.Faults;

namespace Tandem.Events;

/// <summary>The one writer of the log. Callers queue; whatever waits is written together, flushed once, and
/// acknowledged: group commit.</summary>
internal sealed class Committer : IAsyncDisposable
{
    private readonly TimeProvider _clock;
    private readonly JournalTip _tip;
    private readonly RecentIds _recent;
    private readonly SegmentRoll _roll;
    private readonly StreamCommit? _stream;
    private readonly CommitQueue _queue;
    private readonly LineBatchPool _pool = new();
    private readonly List<LineBatch> _group = [];
    private readonly List<ReadOnlyMemory<byte>> _ranges = [];
    private readonly byte[] _stamp = new byte[EventTime.Length];
    private readonly Task _loop;
    private DateTimeOffset _lastStamp;

    public Committer(
        FileJournalOptions options,
        TimeProvider clock,
        JournalTip tip,
        RecentIds recent,
        SegmentWriter segment,
        DateTimeOffset lastStamp,
        StreamCommit? stream)
    {
        _clock = clock;
        _tip = tip;
        _recent = recent;
        _lastStamp = lastStamp;
        _stream = stream;
        _queue = new CommitQueue(options.QueueLength, options.QueueBytes);
        _roll = new SegmentRoll(options, clock, tip, segment, _queue.Wake);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>An empty batch to fill and to append.</summary>
    public LineBatch Rent() => _pool.Rent();

    /// <summary>Takes a batch back that was not appended.</summary>
    public void Return(LineBatch batch) => _pool.Return(batch);

    /// <summary>Queues a batch, and completes when it is acknowledged. The batch belongs to the committer from now
    /// on.</summary>
    /// <exception cref="TandemException">EVT008, EVT011, EVT012.</exception>
    public ValueTask<JournalPosition> AppendAsync(LineBatch batch, CancellationToken cancellationToken)
    {
        ValueTask<JournalPosition> outcome = batch.Outcome;
        try
        {
            _queue.Add(batch);
        }
        catch (TandemException e)
        {
            _pool.Return(batch);
            return ValueTask.FromException<JournalPosition>(e);
        }

        return cancellationToken.CanBeCanceled && !outcome.IsCompleted
            ? new ValueTask<JournalPosition>(outcome.AsTask().WaitAsync(cancellationToken))
            : outcome;
    }

    /// <summary>Closes the segment behind everything that is queued so far.</summary>
    public Task SealAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource sealedNow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.AddSeal(sealedNow);
        return sealedNow.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Commits what is queued, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _loop.ConfigureAwait(false);
        _roll.Dispose();
    }

    private async Task RunAsync()
    {
        TaskCompletionSource? sealing = null;
        try
        {
            while (await _queue.WaitAsync().ConfigureAwait(false))
            {
                _group.Clear();
                sealing = _queue.Take(_group);
                if (_group.Count > 0)
                {
                    await CommitAsync().ConfigureAwait(false);
                }

                if (sealing is not null)
                {
                    Seal(sealing);
                }

                _roll.Tend();
                await TellOfSegmentAsync().ConfigureAwait(false);
            }

            _roll.Close();
        }
        catch (OperationCanceledException)
        {
            // Closed while the broker was away: whoever waited was refused, and the folder is brought up when opened.
        }
#pragma warning disable CA1031 // The top of a background loop: whatever it is, everyone who waits must hear of it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e as TandemException ?? EventErrors.DiskFailed("A commit", _roll.Path, e), sealing);
        }
    }

    private async ValueTask CommitAsync()
    {
        _recent.BeginGroup();
        if (Try(_roll.MakeRoom))
        {
            await TellOfSegmentAsync().ConfigureAwait(false);
        }

        if (Try(Write) && _ranges.Count > 0)
        {
            await MakeDurableAsync().ConfigureAwait(false);
            _tip.MoveEnd(_roll.End);
        }

        _ranges.Clear();
        foreach (LineBatch batch in _group)
        {
            batch.Acknowledge();
        }

        _group.Clear();
    }

    // False where the disk refused. Nothing of the group is in the log then: whoever waits may send it again, and it
    // must not count as known.
    private bool Try(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _recent.ForgetGroup();
            _ranges.Clear();
            RefuseGroup(EventErrors.DiskRefused(_roll.Path, e));
            return false;
        }
    }

    private ValueTask MakeDurableAsync()
    {
        if (_stream is null)
        {
            _roll.FlushBeforeAnswer();
            return ValueTask.CompletedTask;
        }

        return WaitAsync(_stream, token => _stream.AppendAsync(_ranges, token));
    }

    private ValueTask TellOfSegmentAsync() => _stream is null || !_stream.IsBehind(_roll)
        ? ValueTask.CompletedTask
        : WaitAsync(_stream, token => _stream.BeginSegmentAsync(_roll, token));

    // Waits for the broker, however long it is away: what was sent may be in the log, so nothing else can come next.
    // Callers do not wait as long; their events may still become durable, and count as known.
    private async ValueTask WaitAsync(StreamCommit stream, Func<CancellationToken, Task> send)
    {
        using CancellationTokenSource stop = new();
        Task sent = send(stop.Token);
        try
        {
            await sent.WaitAsync(stream.Patience, CancellationToken.None).ConfigureAwait(false);
            return;
        }
        catch (TimeoutException)
        {
            RefuseGroup(stream.Unconfirmed());
        }

        while (!sent.IsCompleted)
        {
            Task<bool> more = _queue.WaitAsync().AsTask();
            if (await Task.WhenAny(sent, more).ConfigureAwait(false) != more)
            {
                break;
            }

            if (!await more.ConfigureAwait(false))
            {
                await stop.CancelAsync().ConfigureAwait(false);
                break;
            }

            TaskCompletionSource? sealing = _queue.Take(_group);
            RefuseGroup(stream.Unconfirmed());
            sealing?.SetException(stream.Unconfirmed());
        }

        await sent.ConfigureAwait(false);
    }

    // Leaves no ranges where all of the group's events are in the log already.
    private void Write()
    {
        StampNow();
        long bytes = 0;
        foreach (LineBatch batch in _group)
        {
            bytes += Finish(batch);
            batch.End = new JournalPosition(_roll.EndBehind(bytes));
        }

        if (bytes > 0)
        {
            _roll.Write(_ranges, bytes);
        }
    }

    // Fills in the lines that are new, and notes their bytes for writing: neighbours as one range.
    private long Finish(LineBatch batch)
    {
        long bytes = 0;
        int rangeStart = 0;
        int rangeLength = 0;
        foreach (LineBatch.Line line in batch.Lines)
        {
            if (!_recent.Add(batch.Id(line), line.IdHash))
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

    // The moment of the append never goes back, even where the clock does.
    private void StampNow()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        _lastStamp = now > _lastStamp ? now : _lastStamp;
        EventTime.Write(_lastStamp, _stamp);
    }

    private void Seal(TaskCompletionSource sealing)
    {
        try
        {
            _roll.BeginNext();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            sealing.SetException(EventErrors.DiskRefused(_roll.Path, e));
            return;
        }

        sealing.SetResult();
    }

    private void Fail(TandemException cause, TaskCompletionSource? sealing)
    {
        _queue.Close(cause);
        do
        {
            RefuseGroup(cause);
            sealing?.TrySetException(cause);
            sealing = _queue.Take(_group);
        }
        while (_group.Count > 0 || sealing is not null);
    }

    private void RefuseGroup(TandemException cause)
    {
        // Each caller gets an exception of its own: they are thrown at the same time.
        foreach (LineBatch batch in _group)
        {
            batch.Refuse(new TandemException(cause.Faults, cause));
        }

        _group.Clear();
    }
}
