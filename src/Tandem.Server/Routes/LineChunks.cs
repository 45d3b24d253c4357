using System.Buffers;
using Tandem.Events;

namespace Tandem.Server.Routes;

/// <summary>Cuts a stream into runs of whole lines, so that a body of any length needs the memory of one run.</summary>
internal sealed class LineChunks(Stream body) : IDisposable
{
    private const int ChunkBytes = 512 * 1024;
    private const int LongestLine = EventLimits.MaxLineBytes;
    private const int MostKept = 16;

    // The shared pool would keep large buffers for every thread that ever read a body.
    private static readonly ArrayPool<byte> Buffers = ArrayPool<byte>.Create(ChunkBytes, MostKept);

    private byte[] _buffer = Buffers.Rent(ChunkBytes);
    private int _start;
    private int _end;
    private long _lineCount;
    private bool _isOver;

    /// <summary>Reads the next run; blank lines are left out.</summary>
    /// <param name="lines">Receives the lines, until the next call.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="Faults.TandemException">HTP010: a line is longer than any event may be.</exception>
    public async ValueTask<bool> ReadAsync(List<ReadOnlyMemory<byte>> lines, CancellationToken cancellationToken)
    {
        lines.Clear();
        while (lines.Count == 0 && !(_isOver && _start == _end))
        {
            await FillAsync(cancellationToken);
            Cut(lines);
        }

        return lines.Count > 0;
    }

    public void Dispose() => Buffers.Return(_buffer);

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        int held = _end - _start;
        if (held == _buffer.Length)
        {
            Grow();
        }
        else
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
        }

        (_start, _end) = (0, held);
        while (!_isOver && _end < _buffer.Length)
        {
            int read = await body.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _isOver = read == 0;
            _end += read;
        }
    }

    private void Grow()
    {
        if (_buffer.Length > LongestLine)
        {
            throw ServerErrors.LineTooLong(_lineCount + 1, LongestLine);
        }

        byte[] larger = Buffers.Rent(_buffer.Length * 2);
        _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
        Buffers.Return(_buffer);
        _buffer = larger;
    }

    private void Cut(List<ReadOnlyMemory<byte>> lines)
    {
        while (_start < _end)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _end - _start);
            int length = rest.IndexOf((byte)'\n');
            if (length < 0 && !_isOver)
            {
                return;
            }

            length = length < 0 ? rest.Length : length;
            if (!rest[..length].Trim(" \t\r"u8).IsEmpty)
            {
                lines.Add(_buffer.AsMemory(_start, length));
            }

            _lineCount++;
            _start = Math.Min(_start + length + 1, _end);
        }
    }
}
