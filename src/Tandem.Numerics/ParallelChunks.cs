using System.Runtime.ExceptionServices;

namespace Tandem.Numerics;

/// <summary>A parallel loop over fixed chunks. Chunk boundaries depend on the data alone, so a caller that keeps one
/// result a chunk and merges them in order gets the same bytes from any number of threads.</summary>
/// <remarks>More than one worker means threads of its own, which give way to all others of the machine: a service in the same
/// process answers while a model is fitted. Starting them takes about 0.1 ms; for shorter loops there is
/// <see cref="WorkerTeam"/>.</remarks>
public static class ParallelChunks
{
    /// <summary>Runs a body over every chunk of [0, <paramref name="count"/>).</summary>
    /// <typeparam name="TScratch">What one worker needs while it works; made once a worker.</typeparam>
    /// <param name="count">Number of elements, ≥ 0.</param>
    /// <param name="chunkSize">Elements a chunk, ≥ 1; the last may be shorter.</param>
    /// <param name="threadCount">Workers at most, ≥ 1; with 1 the caller's thread does it all.</param>
    /// <param name="createScratch">Makes one worker's scratch.</param>
    /// <param name="body">Work on one chunk: scratch, chunk index, first element, end (exclusive). Chunks run in any
    /// order.</param>
    /// <param name="cancellationToken">Stops between chunks.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Run<TScratch>(
        int count, int chunkSize, int threadCount, Func<TScratch> createScratch, Action<TScratch, int, int, int> body,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        int chunkCount = ChunkCount(count, chunkSize);
        int workerCount = Math.Min(threadCount, chunkCount);
        int taken = -1;

        void Work()
        {
            TScratch scratch = createScratch();
            int chunk;
            while ((chunk = Interlocked.Increment(ref taken)) < chunkCount)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int start = chunk * chunkSize;
                body(scratch, chunk, start, (int)Math.Min((long)start + chunkSize, count));
            }
        }

        if (workerCount <= 1)
        {
            Work();
            return;
        }

        Task[] workers = [.. Enumerable.Range(0, workerCount).Select(_ => BackgroundThread.RunAsync(Work))];
        try
        {
            Task.WaitAll(workers, CancellationToken.None);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }
    }

    /// <summary>Number of chunks that <see cref="Run"/> makes.</summary>
    /// <param name="count">Number of elements.</param>
    /// <param name="chunkSize">Elements a chunk.</param>
    public static int ChunkCount(int count, int chunkSize) => (int)(((long)count + chunkSize - 1) / chunkSize);
}
