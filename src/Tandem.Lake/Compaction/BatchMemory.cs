using System.Buffers;

namespace Tandem.Lake.Compaction;

/// <summary>Memory that one batch after the other uses: what a compaction holds does not grow with the log.</summary>
internal sealed class BatchMemory
{
    private const int MaximumBlockBytes = 16 << 20;
    private const int MaximumBlockRows = 1 << 20;
    private const int MaximumBlocks = 1024;

    private readonly ArrayPool<byte> _bytes = ArrayPool<byte>.Create(MaximumBlockBytes, MaximumBlocks);
    private readonly ArrayPool<EventRow> _rows = ArrayPool<EventRow>.Create(MaximumBlockRows, MaximumBlocks);

    /// <summary>Lends bytes for lines.</summary>
    public byte[] RentBytes(int length) => _bytes.Rent(length);

    /// <summary>Lends events.</summary>
    public EventRow[] RentRows(int count) => _rows.Rent(count);

    /// <summary>Takes bytes back.</summary>
    public void Return(byte[] bytes) => _bytes.Return(bytes);

    /// <summary>Takes events back.</summary>
    public void Return(EventRow[] rows) => _rows.Return(rows);
}
