namespace Tandem.Events;

/// <summary>Events of one append as lines of the log, ready but for the moment of the append and the checksums, which
/// only the committer knows. Reused; not thread safe.</summary>
internal sealed class LineBatch : IDisposable
{
    private readonly EventEncoder _encoder = new();
    private readonly List<Line> _lines = [];

    /// <summary>The lines' bytes.</summary>
    public LineBuffer Bytes { get; } = new();

    /// <summary>The lines, in order.</summary>
    public IReadOnlyList<Line> Lines => _lines;

    /// <summary>Adds an event's line.</summary>
    /// <exception cref="Tandem.Faults.TandemException">EVT001, EVT002, EVT003: the event is not allowed, or the batch
    /// is too large.</exception>
    public void Add(EventRecord record)
    {
        int start = Bytes.Count;
        int knownAt = _encoder.Write(record, Bytes);

        // The tail takes the place of the object's closing brace.
        Bytes.CutTo(Bytes.Count - 1);
        Bytes.GetSpan(LineTail.Size);
        Bytes.Advance(LineTail.Size);
        if (Bytes.Count - start > EventLimits.MaxLineBytes)
        {
            throw EventErrors.TooLarge("The event's line", Bytes.Count - start, EventLimits.MaxLineBytes);
        }

        if (Bytes.Count > EventLimits.MaxAppendBytes)
        {
            throw EventErrors.TooLarge("The append", Bytes.Count, EventLimits.MaxAppendBytes);
        }

        _lines.Add(new Line(record.Id, start, Bytes.Count - start, record.KnownTime == default ? knownAt : -1));
    }

    /// <summary>Completes a line: fills in the moment of the append where the event did not bring its own, and the
    /// checksum.</summary>
    public void Finish(Line line, ReadOnlySpan<byte> stamp)
    {
        Span<byte> bytes = Bytes.Written.Slice(line.Start, line.Length);
        if (line.KnownAt >= 0)
        {
            stamp.CopyTo(bytes[line.KnownAt..]);
        }

        LineTail.Write(bytes);
    }

    /// <summary>Empties the batch for its next use.</summary>
    public void Clear()
    {
        Bytes.CutTo(0);
        _lines.Clear();
    }

    public void Dispose() => _encoder.Dispose();

    /// <summary>One line of the batch.</summary>
    /// <param name="Id">The event's id.</param>
    /// <param name="Start">Its first byte in the batch.</param>
    /// <param name="Length">Its bytes, line feed included.</param>
    /// <param name="KnownAt">Where in the line the moment of the append belongs; -1 where the event brought its
    /// own.</param>
    internal readonly record struct Line(string Id, int Start, int Length, int KnownAt);
}
