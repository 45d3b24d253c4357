using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Tandem.Events;

/// <summary>Reads whole lines from a range of a file.</summary>
internal sealed class LineScanner : IDisposable
{
    private const int FirstBufferBytes = 256 * 1024;

    private readonly SafeFileHandle _file;
    private readonly long _limit;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
    private int _start;
    private int _end;

    /// <summary>Reads from a file.</summary>
    /// <param name="file">Stays open.</param>
    /// <param name="from">First byte of the first line.</param>
    /// <param name="limit">Where to stop.</param>
    public LineScanner(SafeFileHandle file, long from, long limit)
    {
        _file = file;
        _limit = limit;
        Position = from;
    }

    /// <summary>Where in the file the next line begins.</summary>
    public long Position { get; private set; }

    /// <summary>Reads the next line with its line feed.</summary>
    /// <param name="line">The line, until the next call; where there is none, what is left without a line feed, at most
    /// <see cref="EventLimits.MaxLineBytes"/>.</param>
    /// <returns>False where no whole line of allowed length is left.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _end - _start);
            int feed = rest[searched..].IndexOf((byte)'\n');
            if (feed >= 0)
            {
                line = rest[..(searched + feed + 1)];
                _start += line.Length;
                Position += line.Length;
                return true;
            }

            searched = rest.Length;
            if (searched >= EventLimits.MaxLineBytes || !Fill())
            {
                line = _buffer.AsSpan(_start, _end - _start);
                return false;
            }
        }
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private bool Fill()
    {
        int held = _end - _start;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
            (_start, _end) = (0, held);
        }
        else if (held == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        long left = _limit - Position - held;
        int read = RandomAccess.Read(
            _file, _buffer.AsSpan(_end, (int)Math.Min(_buffer.Length - _end, left)), Position + held);
        _end += read;
        return read > 0;
    }
}
