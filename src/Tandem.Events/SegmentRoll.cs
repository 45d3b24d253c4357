namespace Tandem.Events;

/// <summary>The segment being written, and when it is flushed and followed by the next one. Not thread safe: the
/// committer's alone.</summary>
internal sealed class SegmentRoll : IDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly FileJournalOptions _options;
    private readonly TimeProvider _clock;
    private readonly JournalTip _tip;
    private readonly ITimer _timer;
    private SegmentWriter _segment;
    private DateTimeOffset _began;
    private DateTimeOffset _flushDue = DateTimeOffset.MaxValue;
    private DateTimeOffset _wakeAt = DateTimeOffset.MaxValue;
    private volatile bool _hasWoken;

    /// <summary>Goes on with a segment.</summary>
    /// <param name="options">Sizes, ages, durability.</param>
    /// <param name="clock">Tells when something is due.</param>
    /// <param name="tip">Told of new segments.</param>
    /// <param name="segment">The segment, which is owned from now on.</param>
    /// <param name="wake">Called from any thread when <see cref="Tend"/> has something to do.</param>
    public SegmentRoll(
        FileJournalOptions options, TimeProvider clock, JournalTip tip, SegmentWriter segment, Action wake)
    {
        _options = options;
        _clock = clock;
        _tip = tip;
        _segment = segment;
        _began = clock.GetUtcNow();
        _timer = clock.CreateTimer(
            _ =>
            {
                _hasWoken = true;
                wake();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    /// <summary>Where the segment is.</summary>
    public string Path => _segment.Path;

    /// <summary>Position of the segment's first byte.</summary>
    public long SegmentStart => _segment.Start;

    /// <summary>Position behind the segment's last byte, its header included.</summary>
    public long SegmentEnd => _segment.Start + _segment.Length;

    /// <summary>Position behind the last event.</summary>
    public long End => _segment.End;

    /// <summary>The end once some bytes more are written.</summary>
    public long EndBehind(long bytes) =>
        bytes == 0 ? End : End + (_segment.IsEmpty ? SegmentHeader.Size : 0) + bytes;

    /// <summary>Begins the next segment where this one is large enough.</summary>
    /// <exception cref="IOException">The disk refused; this segment goes on.</exception>
    public void MakeRoom()
    {
        if (_segment.Length >= _options.SegmentBytes)
        {
            BeginNext();
        }
    }

    /// <summary>Writes lines, whole or not at all.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> lines, long byteCount)
    {
        bool isFirst = _segment.IsEmpty;
        _segment.Write(lines, byteCount);
        if (isFirst)
        {
            _began = _clock.GetUtcNow();
        }

        if (_options.Durability == Durability.Interval && _flushDue == DateTimeOffset.MaxValue)
        {
            _flushDue = _clock.GetUtcNow() + _options.FlushInterval;
        }
    }

    /// <summary>Makes what was written durable, where that is asked for before an answer.</summary>
    /// <exception cref="Tandem.Faults.TandemException">EVT008: the disk failed.</exception>
    public void FlushBeforeAnswer()
    {
        if (_options.Durability == Durability.Fsync)
        {
            _segment.Flush();
        }
    }

    /// <summary>Does what is due by now, and sees to being woken for what is not.</summary>
    /// <exception cref="Tandem.Faults.TandemException">EVT008: the disk failed.</exception>
    public void Tend()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        if (_flushDue <= now)
        {
            _segment.Flush();
            _flushDue = DateTimeOffset.MaxValue;
        }

        if (!_segment.IsEmpty && now - _began >= _options.SegmentAge)
        {
            TryBeginNext();
        }

        Arm();
    }

    /// <summary>Closes this segment and begins the next, unless it holds no events. What is closed is durable, whatever
    /// the setting.</summary>
    /// <exception cref="IOException">The disk refused; this segment goes on.</exception>
    public void BeginNext()
    {
        if (_segment.IsEmpty)
        {
            return;
        }

        _segment.Flush();
        _flushDue = DateTimeOffset.MaxValue;
        var next = Segment.At(_options.Folder, _segment.End);
        var writer = SegmentWriter.Create(next);
        _segment.Dispose();
        _segment = writer;
        _tip.Add(next);
    }

    /// <summary>Flushes what is written: nothing more will come.</summary>
    public void Close() => _segment.Flush();

    public void Dispose()
    {
        _timer.Dispose();
        _segment.Dispose();
    }

    // A full disk is no reason to stop: the segment goes on, and is tried again when it is due once more.
    private void TryBeginNext()
    {
        try
        {
            BeginNext();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _began = _clock.GetUtcNow();
        }
    }

    private void Arm()
    {
        DateTimeOffset ageDue = _segment.IsEmpty ? DateTimeOffset.MaxValue : _began + _options.SegmentAge;
        DateTimeOffset due = _flushDue < ageDue ? _flushDue : ageDue;
        if (due == _wakeAt && !_hasWoken)
        {
            return;
        }

        _hasWoken = false;
        _wakeAt = due;
        _timer.Change(Wait(due), Timeout.InfiniteTimeSpan);
    }

    // Timers count whole milliseconds and not for ever: one that comes early is set again.
    private TimeSpan Wait(DateTimeOffset due)
    {
        if (due == DateTimeOffset.MaxValue)
        {
            return Timeout.InfiniteTimeSpan;
        }

        TimeSpan wait = due - _clock.GetUtcNow();
        return wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;
    }
}
