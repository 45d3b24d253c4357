using System.Collections.Concurrent;
using System.Globalization;

namespace Tandem.Numerics.Tests;

public sealed class ParallelChunksTests
{
    [Theory]
    [InlineData(0, 4, 2)]
    [InlineData(1, 4, 2)]
    [InlineData(9, 4, 1)]
    [InlineData(9, 4, 3)]
    [InlineData(1000, 7, 4)]
    public void Run_MeetsEveryElementOnce_InTheSameChunks(int count, int chunkSize, int threadCount)
    {
        int[] met = new int[count];
        int[] chunkOf = new int[count];

        ParallelChunks.Run(
            count,
            chunkSize,
            threadCount,
            () => 0,
            (_, chunk, start, end) =>
            {
                for (int i = start; i < end; i++)
                {
                    _ = Interlocked.Increment(ref met[i]);
                    chunkOf[i] = chunk;
                }
            },
            CancellationToken.None);

        Assert.All(met, times => Assert.Equal(1, times));
        Assert.Equal(Enumerable.Range(0, count).Select(i => i / chunkSize), chunkOf);
    }

    [Fact]
    public void Run_GivesEachWorkerScratchOfItsOwn()
    {
        int made = 0;

        ParallelChunks.Run(
            100,
            1,
            threadCount: 3,
            () =>
            {
                _ = Interlocked.Increment(ref made);
                return new int[1];
            },
            (scratch, _, _, _) =>
            {
                Assert.Equal(0, scratch[0]++);
                scratch[0] = 0;
            },
            CancellationToken.None);

        Assert.InRange(made, 1, 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_WhenTheBodyThrows_ThrowsThat(int threadCount)
    {
        InvalidDataException thrown = Assert.Throws<InvalidDataException>(() => ParallelChunks.Run(
            10, 1, threadCount, () => 0, (_, chunk, _, _) => throw new InvalidDataException($"{chunk}"), CancellationToken.None));

        Assert.NotNull(thrown.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_WhenStopped_Stops(int threadCount)
    {
        using CancellationTokenSource stop = new();
        int chunks = 0;

        Assert.ThrowsAny<OperationCanceledException>(() => ParallelChunks.Run(
            1000,
            1,
            threadCount,
            () => 0,
            (_, _, _, _) =>
            {
                _ = Interlocked.Increment(ref chunks);
                stop.Cancel();
            },
            stop.Token));

        Assert.InRange(chunks, 1, threadCount);
    }

    [Fact]
    public void Run_WithSeveralWorkers_WorksOnThreadsThatGiveWay()
    {
        int before = NicenessOfThisThread();
        ConcurrentBag<int> niceness = [];

        ParallelChunks.Run(
            8, 1, threadCount: 2, static () => 0, (_, _, _, _) => niceness.Add(NicenessOfThisThread()),
            CancellationToken.None);
        WorkerTeam team = new(threadCount: 2);
        ConcurrentBag<int> ofTeam = [];
        for (int turn = 0; turn < 200; turn++)
        {
            team.Run(8, _ => ofTeam.Add(NicenessOfThisThread()));
        }

        team.Dispose();
        Assert.Equal(8, niceness.Count);
        Assert.All(niceness, static value => Assert.InRange(value, OperatingSystem.IsLinux() ? 10 : 0, 19));
        Assert.All(ofTeam, value => Assert.True(value == before || value >= 10, $"{value} beside {before}"));
        Assert.Equal(before, NicenessOfThisThread());
    }

    [Fact]
    public void Run_OnABackgroundThread_GivesWayAtOnce_AndThrowsWhatTheWorkThrows()
    {
        if (OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(6, 12)
            && File.Exists("/proc/thread-self/sched"))
        {
            long own = TurnOfThisThread();

            long turn = BackgroundThread.Run(TurnOfThisThread);

            Assert.InRange(turn, 10_000_000, long.MaxValue);
            Assert.True(turn > own, $"{turn} beside {own}");
            Assert.Equal(own, TurnOfThisThread());
        }

        Assert.Equal(3, BackgroundThread.Run(static () => 3));
        Assert.Throws<InvalidDataException>(() => BackgroundThread.Run<int>(static () => throw new InvalidDataException()));
    }

    /// <summary>How long the thread may run before another's turn comes, in nanoseconds.</summary>
    private static long TurnOfThisThread() => long.Parse(
        File.ReadLines("/proc/thread-self/sched").First(static line => line.StartsWith("se.slice", StringComparison.Ordinal))
            .Split(':')[1],
        CultureInfo.InvariantCulture);

    /// <summary>The 19th field of the thread's state, counted from the name, which may hold anything.</summary>
    private static int NicenessOfThisThread()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        string state = File.ReadAllText("/proc/thread-self/stat");
        string[] fields = state[(state.LastIndexOf(')') + 2)..].Split(' ');
        return int.Parse(fields[16], CultureInfo.InvariantCulture);
    }
}
