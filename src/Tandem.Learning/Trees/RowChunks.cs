using Tandem.Numerics;

namespace Tandem.Learning.Trees;

/// <summary>Loops over rows in fixed chunks: what is summed by chunk is the same for any number of threads.</summary>
internal sealed class RowChunks(int count)
{
    private const int Size = 16_384;

    public static int CountOf(int rows) => ParallelChunks.ChunkCount(rows, Size);

    /// <summary>Runs a body for every chunk: its number, its first row, the row after its last.</summary>
    public void Run(WorkerTeam team, Action<int, int, int> body) => team.Run(
        CountOf(count), chunk => body(chunk, chunk * Size, Math.Min(count, (chunk + 1) * Size)));
}
