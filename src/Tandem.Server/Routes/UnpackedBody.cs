namespace Tandem.Server.Routes;

/// <summary>What a body unpacks to, up to a limit: a small body may unpack to gigabytes.</summary>
internal sealed class UnpackedBody(Stream unpacked, long limitBytes) : Stream
{
    private long _count;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="Faults.TandemException">HTP010: it does not unpack; HTP015: it is too long.</exception>
    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            int read = await unpacked.ReadAsync(buffer, cancellationToken);
            _count += read;
            return _count <= limitBytes ? read : throw ServerErrors.UnpacksToTooMuch(limitBytes);
        }
        catch (InvalidDataException exception)
        {
            throw ServerErrors.BadBody("The body is not whole gzip.", "body", exception);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override async ValueTask DisposeAsync()
    {
        await unpacked.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            unpacked.Dispose();
        }

        base.Dispose(disposing);
    }
}
