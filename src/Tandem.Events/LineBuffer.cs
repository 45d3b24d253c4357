using System.Buffers;

namespace Tandem.Events;

/// <summary>Bytes of lines being made; grows, and is used again. Unlike the framework's buffer it lets the committer
/// write over what stands there.</summary>
internal sealed class LineBuffer : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[4096];

    /// <summary>Bytes written.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes it has room for.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>What was written.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, Count);

    /// <summary>A range of what was written.</summary>
    public ReadOnlyMemory<byte> Slice(int start, int length) => _bytes.AsMemory(start, length);

    public void Advance(int count) => Count += count;

    /// <summary>Forgets what was written beyond a length.</summary>
    public void CutTo(int count) => Count = count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Count);
    }

    private void Reserve(int sizeHint)
    {
        int needed = Count + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, (int)Math.Min((long)_bytes.Length * 2, Array.MaxLength)));
        }
    }
}
