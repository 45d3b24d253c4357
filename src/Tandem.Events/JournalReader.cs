using Microsoft.Win32.SafeHandles;
using Tandem.Faults;

namespace Tandem.Events;

/// <summary>Reads one run of events after another, never beyond what is acknowledged; what it has before it is not
/// removed. Not thread safe.</summary>
internal sealed class JournalReader : IDisposable
{
    private const int BatchBytes = 1024 * 1024;
    private const int BatchEvents = 8192;

    private readonly EventDecoder _decoder = new();
    private readonly JournalTip _tip;
    private readonly ReaderPlace _place;
    private Segment? _segment;
    private SafeFileHandle? _file;

    /// <summary>Begins to read.</summary>
    /// <exception cref="TandemException">EVT007: the position is not kept.</exception>
    public JournalReader(JournalTip tip, long position)
    {
        _tip = tip;
        _place = tip.Enter(position);
    }

    /// <summary>Where it reads on.</summary>
    public long Position => _place.Position;

    /// <summary>Reads some events; there is at least one line to read.</summary>
    /// <exception cref="TandemException">EVT004: damaged; EVT005: unknown format; EVT007: no event begins
    /// there.</exception>
    public JournalBatch Read()
    {
        long position = Position;
        (Segment segment, long end) = _tip.Find(position);
        SafeFileHandle file = Open(segment);
        long from = Math.Max(position - segment.Base, SegmentHeader.Size);
        DemandLineStart(file, segment, position);
        List<EventRecord> events = [];
        using LineScanner lines = new(file, from, end - segment.Base);
        bool isMore = true;
        while (isMore && events.Count < BatchEvents && lines.Position < from + BatchBytes)
        {
            isMore = TryRead(lines, events);
        }

        if (lines.Position == from)
        {
            throw EventErrors.SegmentDamaged(segment.Path, lines.Position, "a line has no end");
        }

        _place.Position = segment.Base + lines.Position;
        return new JournalBatch(new(position), new(Position), events);
    }

    public void Dispose()
    {
        _place.Dispose();
        _file?.Dispose();
    }

    // False at the end.
    private bool TryRead(LineScanner lines, List<EventRecord> events)
    {
        long at = lines.Position;
        if (!lines.TryRead(out ReadOnlySpan<byte> line))
        {
            return false;
        }

        if (!LineTail.IsValid(line))
        {
            throw EventErrors.SegmentDamaged(_segment!.Path, at, "a line's checksum is wrong");
        }

        if (!JournalGap.IsGap(line))
        {
            events.Add(_decoder.Read(line));
        }

        return true;
    }

    private SafeFileHandle Open(Segment segment)
    {
        if (_file is not null && segment == _segment)
        {
            return _file;
        }

        _file?.Dispose();
        _file = null;
        try
        {
            _file = File.OpenHandle(segment.Path, share: FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            throw EventErrors.PositionNotKept(new(segment.Base), new(_tip.Segments[0].Base), new(_tip.End));
        }

        _segment = segment;
        Span<byte> header = stackalloc byte[SegmentHeader.Size];
        int read = RandomAccess.Read(_file, header, 0);
        SegmentHeader.Demand(segment.Path, segment.Base, header[..read]);
        return _file;
    }

    private void DemandLineStart(SafeFileHandle file, Segment segment, long position)
    {
        long offset = position - segment.Base;
        Span<byte> before = stackalloc byte[1];
        bool starts = offset == 0 ||
            (offset >= SegmentHeader.Size && RandomAccess.Read(file, before, offset - 1) == 1 && before[0] == '\n');
        if (!starts)
        {
            throw EventErrors.PositionNotKept(new(position), new(_tip.Segments[0].Base), new(_tip.End));
        }
    }
}
