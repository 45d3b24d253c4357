namespace Tandem.Testing;

/// <summary>What code allocates on the thread that runs it.</summary>
internal static class Allocations
{
    private const int Rounds = 5;

    /// <summary>Bytes at the least of a few rounds: the runtime allocates for itself where it compiles a loop better while
    /// it runs, in one round and not in another.</summary>
    /// <param name="work">What runs in each round.</param>
    public static long Least(Action work)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
