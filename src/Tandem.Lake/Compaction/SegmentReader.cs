using Microsoft.Win32.SafeHandles;
using Tandem.Events;

namespace Tandem.Lake.Compaction;

/// <summary>Reads the lines of a closed journal segment with their places in the log.</summary>
internal sealed class SegmentReader : IDisposable
{
    private const int InitialBytes = 1 << 20;

    private readonly JournalSegment _segment;
    private readonly SafeFileHandle _file;
    private byte[] _buffer = new byte[InitialBytes];
    private long _fileOffset;
    private int _begin;
    private int _end;
    private long _position;

    public SegmentReader(JournalSegment segment)
    {
        _segment = segment;
        _file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete,
            FileOptions.SequentialScan);

        // The header names the format; the journal has checked it. The first event follows it.
        if (!TryReadLine(out _))
        {
            throw LakeErrors.DamagedSegment(segment.Path, segment.Start, "it has no header");
        }

        _position = segment.Start.Offset;
    }

    /// <summary>Reads the next event's line, without its end.</summary>
    /// <param name="line">The line; valid until the next call.</param>
    /// <param name="position">Its offset in the log.</param>
    /// <returns>False at the end of the segment.</returns>
    /// <exception cref="Faults.TandemException">LAK004: a line is not as it was written, or the
    /// segment does not end where the journal says.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line, out long position)
    {
        position = _position;
        while (TryReadLine(out line))
        {
            if (!JournalLine.IsIntact(_buffer.AsSpan(_begin - line.Length - 1, line.Length + 1)))
            {
                throw LakeErrors.DamagedSegment(
                    _segment.Path, new JournalPosition(_position), "the line's checksum is wrong");
            }

            _position += line.Length + 1;
            if (!JournalGap.IsGap(line))
            {
                return true;
            }

            position = _position;
        }

        return _position == _segment.End.Offset
            ? false
            : throw LakeErrors.DamagedSegment(
                _segment.Path, new JournalPosition(_position), $"it should reach to {_segment.End}");
    }

    public void Dispose() => _file.Dispose();

    private bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_begin, _end - _begin);
            int length = rest[searched..].IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = rest[..(searched + length)];
                _begin += searched + length + 1;
                return true;
            }

            searched = rest.Length;
            if (!Fill())
            {
                line = default;
                return rest.IsEmpty
                    ? false
                    : throw LakeErrors.DamagedSegment(
                        _segment.Path, new JournalPosition(_position), "its last line has no end");
            }
        }
    }

    private bool Fill()
    {
        _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
        _end -= _begin;
        _begin = 0;
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = RandomAccess.Read(_file, _buffer.AsSpan(_end), _fileOffset);
        _fileOffset += read;
        _end += read;
        return read > 0;
    }
}
