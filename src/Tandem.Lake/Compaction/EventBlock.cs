using System.Buffers;
using Tandem.Events;

namespace Tandem.Lake.Compaction;

/// <summary>Whole lines of one segment in memory, and what was found in them.</summary>
internal sealed class EventBlock
{
    private readonly byte[] _rented;
    private readonly int _length;
    private byte[] _bytes;
    private int _end;
    private EventRow[] _rows = [];
    private int _rowCount;

    /// <summary>Takes lines.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="position">Where in the log the first line begins.</param>
    /// <param name="bytes">Holds the lines; <see cref="Release"/> gives it back to the shared pool.</param>
    /// <param name="length">Bytes of lines.</param>
    public EventBlock(JournalSegment segment, long position, byte[] bytes, int length)
    {
        Segment = segment;
        Position = position;
        _rented = bytes;
        _bytes = bytes;
        _length = length;
        _end = length;
    }

    /// <summary>The segment.</summary>
    public JournalSegment Segment { get; }

    /// <summary>Where in the log the first line begins.</summary>
    public long Position { get; }

    /// <summary>Where in the log the last line ends.</summary>
    public long EndPosition => Position + _length;

    /// <summary>The lines.</summary>
    public ReadOnlySpan<byte> Lines => _bytes.AsSpan(0, _length);

    /// <summary>The events, in the order of the log.</summary>
    public Span<EventRow> Rows => _rows.AsSpan(0, _rowCount);

    /// <summary>The ids of the events.</summary>
    public TextRange Ids { get; } = new();

    /// <summary>The bytes of a place.</summary>
    public ReadOnlySpan<byte> Of(Span32 place) => _bytes.AsSpan(place.Start, place.Length);

    /// <summary>Keeps a value that does not stand in the lines as it reads, behind them.</summary>
    public Span32 Keep(ReadOnlySpan<byte> value)
    {
        int start = _end;
        if (value.Length > _bytes.Length - start)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, start + value.Length));
        }

        value.CopyTo(_bytes.AsSpan(start));
        _end += value.Length;
        return new Span32(start, value.Length);
    }

    /// <summary>Makes room for an event for each line.</summary>
    public void Prepare() => _rows = ArrayPool<EventRow>.Shared.Rent(Lines.Count((byte)'\n'));

    /// <summary>Adds an event; at most one for each line.</summary>
    public void Add(in EventRow row) => _rows[_rowCount++] = row;

    /// <summary>Gives the memory back. The block is read no more.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_rented);
        ArrayPool<EventRow>.Shared.Return(_rows);
        _bytes = [];
        _rows = [];
        _rowCount = 0;
    }

    /// <summary>The fault of a damaged line.</summary>
    public Exception Damage(int start, string what, Exception? cause = null) =>
        LakeErrors.DamagedSegment(Segment.Path, new JournalPosition(Position + start), what, cause);
}
