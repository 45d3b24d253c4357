using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace Tandem.Features.Evaluation;

/// <summary>Packed series on a local disk. Thread safe.</summary>
/// <remarks>Room is given out in powers of two and used again, so the file is at most twice as long as its content ever
/// was, and the slack of each size. It has no name: it goes with the process.</remarks>
internal sealed class ColdFile : IDisposable
{
    private const int SmallestBits = 7;
    private const int LargestBits = 31;

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private readonly Stack<long>[] _free = [.. Enumerable.Range(0, LargestBits + 1).Select(_ => new Stack<long>())];
    private long _end;

    /// <exception cref="IOException">The folder cannot be written.</exception>
    public ColdFile(string folder)
    {
        string path = Path.Combine(folder, Path.GetRandomFileName());
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
        File.Delete(path);
    }

    /// <summary>Length of the file.</summary>
    public long Length
    {
        get
        {
            lock (_gate)
            {
                return _end;
            }
        }
    }

    /// <exception cref="IOException">The disk refused.</exception>
    public ColdPlace Write(ReadOnlySpan<byte> bytes)
    {
        ColdPlace place = new(Reserve(BitsOf(bytes.Length)), bytes.Length);
        try
        {
            RandomAccess.Write(_file, bytes, place.Offset);
            return place;
        }
        catch
        {
            Free(place);
            throw;
        }
    }

    /// <exception cref="IOException">The disk refused.</exception>
    public byte[] Read(ColdPlace place)
    {
        byte[] bytes = new byte[place.Length];
        for (int read = 0; read < bytes.Length;)
        {
            int more = RandomAccess.Read(_file, bytes.AsSpan(read), place.Offset + read);
            read += more > 0 ? more : throw new EndOfStreamException();
        }

        return bytes;
    }

    /// <summary>Gives a place back.</summary>
    public void Free(ColdPlace place)
    {
        lock (_gate)
        {
            _free[BitsOf(place.Length)].Push(place.Offset);
        }
    }

    public void Dispose() => _file.Dispose();

    private static int BitsOf(int length) =>
        Math.Max(SmallestBits, BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)length)));

    private long Reserve(int bits)
    {
        lock (_gate)
        {
            if (!_free[bits].TryPop(out long offset))
            {
                offset = _end;
                _end += 1L << bits;
            }

            return offset;
        }
    }
}
