using Tandem.Testing;

namespace Tandem.Numerics.Tests;

public sealed class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_ManyTimes_DoesEachChunkOnce(int threadCount)
    {
        using WorkerTeam team = new(threadCount);
        int[] done = new int[37];
        void Count(int chunk) => Interlocked.Increment(ref done[chunk]);
        Action<int> body = Count;

        for (int turn = 0; turn < 500; turn++)
        {
            team.Run(done.Length, body);
        }

        Assert.All(done, static count => Assert.Equal(500, count));
    }

    /// <summary>Threads that come late from one loop meet the next, with another body and another number of chunks: more teams
    /// than processors, so that threads are held up anywhere.</summary>
    [Fact]
    public void Run_OfManyTeamsAtOnce_GivesEachChunkToItsOwnLoop()
    {
        const int Turns = 3000;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, seed =>
        {
            using WorkerTeam team = new(threadCount: 4);
            Random random = new(seed);
            int[][] done = [new int[40], new int[40]];
            Action<int>[] bodies =
                [chunk => Interlocked.Increment(ref done[0][chunk]), chunk => Interlocked.Increment(ref done[1][chunk])];
            for (int turn = 0; turn < Turns; turn++)
            {
                int count = random.Next(2, 40);
                team.Run(count, bodies[turn % 2]);
                Assert.All(done[turn % 2][..count], static each => Assert.Equal(1, each));
                Assert.All(done[turn % 2][count..], static each => Assert.Equal(0, each));
                Array.Clear(done[turn % 2]);
            }
        });
    }

    [Fact]
    public async Task Run_AfterThreadsWentToSleep_WakesThem()
    {
        using WorkerTeam team = new(threadCount: 2);
        int count = 0;
        for (int turn = 0; turn < 5; turn++)
        {
            team.Run(2, _ => Interlocked.Increment(ref count));

            // Longer than a thread waits awake.
            await Task.Delay(20);
        }

        Assert.Equal(10, count);
    }

    [Fact]
    public void Run_OfABodyThatFails_ThrowsAndGoesOn()
    {
        using WorkerTeam team = new(threadCount: 2);

        Assert.Throws<InvalidOperationException>(
            () => team.Run(10, chunk => throw new InvalidOperationException(chunk.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        int count = 0;
        team.Run(10, _ => Interlocked.Increment(ref count));

        Assert.Equal(10, count);
    }

    [Fact]
    public void Run_AgainAndAgain_AllocatesNothing()
    {
        using WorkerTeam team = new(threadCount: 2);
        Action<int> body = static _ => { };
        team.Run(4, body);

        long allocated = Allocations.Least(() =>
        {
            for (int turn = 0; turn < 100; turn++)
            {
                team.Run(4, body);
            }
        });

        Assert.Equal(0, allocated);
    }
}
