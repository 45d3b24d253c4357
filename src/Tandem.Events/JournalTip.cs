using System.Collections.Immutable;

namespace Tandem.Events;

/// <summary>What of the log is acknowledged, as the committer tells the readers: its segments, its end, and a beat whenever
/// it grew.</summary>
internal sealed class JournalTip
{
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

    /// <summary>Tells that events up to a position are acknowledged.</summary>
    public void MoveEnd(long end)
    {
        Volatile.Write(ref _end, end);
        Growth.Beat();
    }

    /// <summary>Tells of a new segment.</summary>
    public void Add(Segment segment) => Volatile.Write(ref _segments, _segments.Add(segment));

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
