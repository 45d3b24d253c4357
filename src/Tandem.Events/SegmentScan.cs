using Microsoft.Win32.SafeHandles;

namespace Tandem.Events;

/// <summary>Reads a whole segment and finds every byte that is not as it was written.</summary>
internal sealed class SegmentScan
{
    private readonly Segment _segment;
    private readonly SafeFileHandle _file;
    private readonly List<JournalDamage> _damages = [];
    private (long At, int Length) _lastIntact;
    private long _damagedFrom = -1;

    private SegmentScan(Segment segment, SafeFileHandle file)
    {
        _segment = segment;
        _file = file;
    }

    /// <summary>Scans a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="expectedBytes">Its length, as the next one's base says; null for the last.</param>
    /// <exception cref="Tandem.Faults.TandemException">EVT005: written by another version.</exception>
    public static IReadOnlyList<JournalDamage> Run(Segment segment, long? expectedBytes)
    {
        using SafeFileHandle file = File.OpenHandle(segment.Path, share: FileShare.ReadWrite | FileShare.Delete);
        SegmentScan scan = new(segment, file);
        scan.Run(expectedBytes);
        return scan._damages;
    }

    private void Run(long? expectedBytes)
    {
        long length = RandomAccess.GetLength(_file);
        long limit = Math.Min(length, expectedBytes ?? length);
        ReadHeader(limit);
        long at = SegmentHeader.Size;
        while (at < limit)
        {
            at = ReadLines(at, limit);
        }

        // What the next segment's name promises and the file lacks is damaged too.
        long end = Math.Max(at, expectedBytes ?? at);
        if (at < end)
        {
            Begin(at);
        }

        End(end, expectedBytes is null ? JournalDamageKind.Tail : JournalDamageKind.Lines, after: null);
        if (length > end)
        {
            Add(JournalDamageKind.Surplus, end, length - end, after: null);
        }
    }

    private void ReadHeader(long limit)
    {
        using LineScanner lines = new(_file, 0, limit);
        lines.TryRead(out ReadOnlySpan<byte> line);
        if (!line.SequenceEqual(SegmentHeader.Write(_segment.Base)))
        {
            SegmentHeader.DemandKnownFormat(_segment.Path, line);
            Add(JournalDamageKind.Header, 0, SegmentHeader.Size, after: null);
        }
    }

    // Reads to the limit, or over one run of bytes that is too long for a line.
    private long ReadLines(long from, long limit)
    {
        using LineScanner lines = new(_file, from, limit);
        long at = from;
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            int intact = LineTail.FindIntact(line);
            if (intact != 0)
            {
                Begin(at);
            }

            if (intact >= 0)
            {
                (long, int) found = (at + intact, line.Length - intact);
                End(at + intact, JournalDamageKind.Lines, found);
                _lastIntact = found;
            }

            at = lines.Position;
        }

        if (at < limit)
        {
            Begin(at);
        }

        return SkipLine(at, limit);
    }

    private long SkipLine(long from, long limit)
    {
        byte[] buffer = new byte[64 * 1024];
        for (long at = from; at < limit; at += buffer.Length)
        {
            int feed = buffer.AsSpan(0, RandomAccess.Read(_file, buffer, at)).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                return at + feed + 1;
            }
        }

        return limit;
    }

    private void Begin(long at) => _damagedFrom = _damagedFrom < 0 ? at : _damagedFrom;

    private void End(long at, JournalDamageKind kind, (long At, int Length)? after)
    {
        if (_damagedFrom >= 0)
        {
            Add(kind, _damagedFrom, at - _damagedFrom, after);
            _damagedFrom = -1;
        }
    }

    private void Add(JournalDamageKind kind, long offset, long length, (long At, int Length)? after) =>
        _damages.Add(new JournalDamage(_segment.Path, offset, length, kind, KnownAt(_lastIntact), KnownAt(after)));

    private DateTimeOffset? KnownAt((long At, int Length)? place)
    {
        byte[] line = new byte[place?.Length ?? 0];
        if (line.Length == 0)
        {
            return null;
        }

        RandomAccess.Read(_file, line, place!.Value.At);
        return JournalGap.IsGap(line) ? null : EventJson.Read(line).KnownTime;
    }
}
