using System.Threading.Channels;

namespace Tandem.Events;

/// <summary>Batches that are not in use. Thread safe.</summary>
internal sealed class LineBatchPool
{
    private const int MaxCount = 256;
    private const int MaxBatchBytes = 1024 * 1024;

    private readonly Channel<LineBatch> _batches = Channel.CreateBounded<LineBatch>(MaxCount);

    /// <summary>An empty batch.</summary>
    public LineBatch Rent() => _batches.Reader.TryRead(out LineBatch? batch) ? batch : new LineBatch(Return);

    /// <summary>Takes a batch back; large ones, and more than are ever needed at once, are let go.</summary>
    public void Return(LineBatch batch)
    {
        batch.Clear();
        if (batch.Bytes.Capacity <= MaxBatchBytes)
        {
            _batches.Writer.TryWrite(batch);
        }
    }
}
