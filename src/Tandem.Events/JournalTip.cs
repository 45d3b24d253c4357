using System.Collections.Immutable;

namespace Tandem.Events;

/// <summary>What of the log is acknowledged, as the committer tells the readers: its segments, its end, and a beat whenever
/// it grew; and where the readers are, so that nothing is removed under them.</summary>
internal sealed class JournalTip
{
    // Segments come at one end and go at the other; readers come only where segments are.
    private readonly Lock _gate = new();
    private readonly HashSet<ReaderPlace> _readers = [];
    private ImmutableList<Segment> _segments;
    private long _end;

    public JournalTip(IEnumerable<Segment> segments, long end)
    {
        _segments = [.. segments];
        _end = end;
    }

    /// <summary>Position behind the last acknowledged event.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>The segments, oldest first, the one being written last; at least one.</summary>
    public ImmutableList<Segment> Segments => Volatile.Read(ref _segments);

    /// <summary>Beats when the log grew.</summary>
    public Pulse Growth { get; } = new();

    /// <summary>Where the slowest reader of this process is; null while nobody reads.</summary>
    public long? Slowest
    {
        get
        {
            lock (_gate)
            {
                return _readers.Count == 0 ? null : _readers.Min(static reader => reader.Position);
            }
        }
    }

    /// <summary>Tells that events up to a position are acknowledged.</summary>
    public void MoveEnd(long end)
    {
        Volatile.Write(ref _end, end);
        Growth.Beat();
    }

    /// <summary>Tells of a new segment.</summary>
    public void Add(Segment segment)
    {
        lock (_gate)
        {
            Volatile.Write(ref _segments, _segments.Add(segment));
        }
    }

    /// <summary>Lets a reader begin: from now on nothing that it has before it is removed.</summary>
    /// <exception cref="Tandem.Faults.TandemException">EVT007: the position is not kept.</exception>
    public ReaderPlace Enter(long position)
    {
        lock (_gate)
        {
            if (position < _segments[0].Base || position > End)
            {
                throw EventErrors.PositionNotKept(new(position), new(_segments[0].Base), new(End));
            }

            ReaderPlace reader = new(this, position);
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>Tells that a reader is done.</summary>
    public void Leave(ReaderPlace reader)
    {
        lock (_gate)
        {
            _readers.Remove(reader);
        }
    }

    /// <summary>Gives up the segments that lie wholly before a position and before every reader.</summary>
    /// <returns>Those segments, oldest first; nobody reads them any more.</returns>
    public IReadOnlyList<Segment> RemoveBefore(long position)
    {
        lock (_gate)
        {
            long limit = Math.Min(position, Slowest ?? long.MaxValue);
            int count = 0;
            while (count + 1 < _segments.Count && _segments[count + 1].Base <= limit)
            {
                count++;
            }

            ImmutableList<Segment> removed = _segments.GetRange(0, count);
            Volatile.Write(ref _segments, _segments.RemoveRange(0, count));
            return removed;
        }
    }

    /// <summary>The segment that holds the event at a position, and where that segment ends as far as it is
    /// acknowledged.</summary>
    public (Segment Segment, long End) Find(long position)
    {
        long end = End; // Before the segments: they then cover it.
        ImmutableList<Segment> segments = Segments;
        int index = segments.Count - 1;
        while (index > 0 && segments[index].Base > position)
        {
            index--;
        }

        return (segments[index], index + 1 < segments.Count ? Math.Min(end, segments[index + 1].Base) : end);
    }
}
