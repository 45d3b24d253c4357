using Tandem.Lake.Native;

namespace Tandem.Lake;

/// <summary>Reads what a stream packed with zstd (RFC 8878) holds: one frame, or several behind each other.</summary>
/// <remarks>Holds 64 KiB of packed bytes and the window that the frame asks for, at most 128 MiB. Not safe for threads. A
/// frame that ends early, or bytes that are no frame, throw <see cref="InvalidDataException"/>: never is half a file
/// taken for a whole one.</remarks>
public sealed class ZstdStream : Stream
{
    private readonly byte[] _packed = new byte[1 << 16];
    private readonly ZstdDecoder _decoder = new();
    private readonly Stream _source;
    private int _start;
    private int _end;
    private bool _isFrameOver;

    /// <summary>Unpacks a stream, which is closed with this one.</summary>
    /// <param name="source">The packed bytes.</param>
    /// <exception cref="EntryPointNotFoundException"><see cref="IsSupported"/> is false.</exception>
    public ZstdStream(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
    }

    /// <summary>True where the DuckDB library at hand can unpack: the pinned one for Linux and macOS can.</summary>
    public static bool IsSupported => ZstdDecoder.IsSupported;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The bytes are no zstd frames, were damaged, or end too early.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            bool isOver = _start == _end && !TryFill();
            if (isOver && _isFrameOver)
            {
                return 0;
            }

            _isFrameOver = _decoder.Decode(_packed.AsSpan(_start.._end), out int read, buffer, out int written);
            _start += read;
            if (written > 0)
            {
                return written;
            }

            if (isOver)
            {
                throw new InvalidDataException("It ends in the middle of a zstd frame.");
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool TryFill()
    {
        _start = 0;
        _end = _source.Read(_packed);
        return _end > 0;
    }
}
