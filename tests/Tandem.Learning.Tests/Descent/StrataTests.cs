using Tandem.Learning.Descent;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Descent;

public sealed class StrataTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 4)]
    public void Run_TakesEveryPairOnce_InTheSameOrderForAnyThreadCount(ulong seed, int threadCount)
    {
        (int[] rows, int[] columns) = Pairs(seed);
        List<int>[] taken = Take(seed, rows, columns, threadCount);
        List<int>[] alone = Take(seed, rows, columns, threadCount: 1);

        Assert.Equal(Enumerable.Range(0, rows.Length), taken.SelectMany(static cell => cell).Order());
        Assert.Equal(alone, taken);
    }

    [Fact]
    public void Run_AtOnce_NeverSharesARowOrAColumn()
    {
        (int[] rows, int[] columns) = Pairs(seed: 3);
        Strata strata = new(rowCount: 300, columnCount: 200, seed: 3);
        int[] rowUse = new int[300];
        int[] columnUse = new int[200];
        int clashes = 0;
        strata.Deal(epoch: 0);

        strata.Run(
            rows, columns, threadCount: 4, static () => 0,
            (int _, ReadOnlySpan<int> pairs, int _, ref SeededRandom _) =>
            {
                foreach (int pair in pairs)
                {
                    bool isAlone = Interlocked.Increment(ref rowUse[rows[pair]]) == 1
                        && Interlocked.Increment(ref columnUse[columns[pair]]) == 1;
                    Thread.SpinWait(20);
                    Interlocked.Add(ref clashes, isAlone ? 0 : 1);
                    Interlocked.Decrement(ref rowUse[rows[pair]]);
                    Interlocked.Decrement(ref columnUse[columns[pair]]);
                }
            },
            CancellationToken.None);

        Assert.True(strata.BlockCount > 1);
        Assert.Equal(0, clashes);
    }

    [Fact]
    public void Deal_OfAnotherEpoch_MixesTheColumns()
    {
        Strata strata = new(rowCount: 300, columnCount: 200, seed: 4);

        strata.Deal(epoch: 0);
        int[] first = strata.ColumnsOf(0).ToArray();
        int[] all = [.. Enumerable.Range(0, strata.BlockCount).SelectMany(block => strata.ColumnsOf(block).ToArray())];
        strata.Deal(epoch: 1);

        Assert.Equal(Enumerable.Range(0, 200), all.Order());
        Assert.NotEqual(first, strata.ColumnsOf(0).ToArray());
    }

    private static List<int>[] Take(ulong seed, int[] rows, int[] columns, int threadCount)
    {
        Strata strata = new(rowCount: 300, columnCount: 200, seed);
        var taken = new List<int>[200];
        for (int column = 0; column < taken.Length; column++)
        {
            taken[column] = [];
        }

        strata.Deal(epoch: 2);
        strata.Run(
            rows, columns, threadCount, static () => 0,
            (int _, ReadOnlySpan<int> pairs, int _, ref SeededRandom _) =>
            {
                foreach (int pair in pairs)
                {
                    taken[columns[pair]].Add(pair);
                }
            },
            CancellationToken.None);
        return taken;
    }

    private static (int[] Rows, int[] Columns) Pairs(ulong seed)
    {
        SeededRandom random = new(seed);
        int[] rows = new int[3000];
        int[] columns = new int[3000];
        for (int pair = 0; pair < rows.Length; pair++)
        {
            rows[pair] = random.NextInt(300);
            columns[pair] = random.NextInt(200);
        }

        return (rows, columns);
    }
}
