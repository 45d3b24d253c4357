using System.Threading.Tasks.Sources;

namespace Tandem.Events;

/// <summary>Events of one append as lines of the log, ready but for the moment of the append and the checksums, which
/// only the committer knows; and the promise that its caller waits for. Reused, so that an append makes no garbage; not
/// thread safe.</summary>
internal sealed class LineBatch : IValueTaskSource<JournalPosition>
{
    private readonly List<Line> _lines = [];
    private readonly Action<LineBatch> _giveBack;
    private ManualResetValueTaskSourceCore<JournalPosition> _promise = new() { RunContinuationsAsynchronously = true };

    /// <summary>An empty batch.</summary>
    /// <param name="giveBack">Called when the caller has heard the outcome.</param>
    public LineBatch(Action<LineBatch> giveBack)
    {
        _giveBack = giveBack;
    }

    /// <summary>The lines' bytes.</summary>
    public LineBuffer Bytes { get; } = new();

    /// <summary>The lines, in order.</summary>
    public List<Line> Lines => _lines;

    /// <summary>Position behind the batch, once it is written.</summary>
    public JournalPosition End { get; set; }

    /// <summary>Completes when the batch is acknowledged or refused; to be awaited once.</summary>
    public ValueTask<JournalPosition> Outcome => new(this, _promise.Version);

    /// <summary>Adds an event's line.</summary>
    /// <exception cref="Tandem.Faults.TandemException">EVT001, EVT002, EVT003: the event is not allowed, or the batch
    /// is too large.</exception>
    public void Add(EventRecord record)
    {
        int start = Bytes.Count;
        (int idLength, int knownAt) = EventEncoder.Write(record, Bytes);

        // The tail takes the place of the object's closing brace.
        Bytes.CutTo(Bytes.Count - 1);
        Bytes.GetSpan(LineTail.Size);
        Bytes.Advance(LineTail.Size);
        int length = Bytes.Count - start;
        if (length > EventLimits.MaxLineBytes)
        {
            throw EventErrors.TooLarge("The event's line", length, EventLimits.MaxLineBytes);
        }

        if (Bytes.Count > EventLimits.MaxAppendBytes)
        {
            throw EventErrors.TooLarge("The append", Bytes.Count, EventLimits.MaxAppendBytes);
        }

        int hash = IdTable.Hash(Bytes.Written.Slice(start + LineId.Start, idLength));
        _lines.Add(new Line(start, length, idLength, hash, record.KnownTime == default ? knownAt : -1));
    }

    /// <summary>The id of a line, as it stands there.</summary>
    public ReadOnlySpan<byte> Id(in Line line) => Bytes.Written.Slice(line.Start + LineId.Start, line.IdLength);

    /// <summary>Completes a line: fills in the moment of the append where the event did not bring its own, and the
    /// checksum.</summary>
    public void Finish(in Line line, ReadOnlySpan<byte> stamp)
    {
        Span<byte> bytes = Bytes.Written.Slice(line.Start, line.Length);
        if (line.KnownAt >= 0)
        {
            stamp.CopyTo(bytes[line.KnownAt..]);
        }

        LineTail.Write(bytes);
    }

    /// <summary>Tells the caller that the batch is in the log.</summary>
    public void Acknowledge() => _promise.SetResult(End);

    /// <summary>Tells the caller that the batch is not in the log.</summary>
    public void Refuse(Exception cause) => _promise.SetException(cause);

    /// <summary>Empties the batch for its next use.</summary>
    public void Clear()
    {
        Bytes.CutTo(0);
        _lines.Clear();
        _promise.Reset();
    }

    JournalPosition IValueTaskSource<JournalPosition>.GetResult(short token)
    {
        try
        {
            return _promise.GetResult(token);
        }
        finally
        {
            _giveBack(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<JournalPosition>.GetStatus(short token) => _promise.GetStatus(token);

    void IValueTaskSource<JournalPosition>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _promise.OnCompleted(continuation, state, token, flags);

    /// <summary>One line of the batch.</summary>
    /// <param name="Start">Its first byte in the batch.</param>
    /// <param name="Length">Its bytes, line feed included.</param>
    /// <param name="IdLength">Bytes of the event's id.</param>
    /// <param name="IdHash">Their hash.</param>
    /// <param name="KnownAt">Where in the line the moment of the append belongs; -1 where the event brought its
    /// own.</param>
    internal readonly record struct Line(int Start, int Length, int IdLength, int IdHash, int KnownAt);
}
