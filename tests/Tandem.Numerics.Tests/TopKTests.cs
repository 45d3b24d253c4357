using Tandem.Testing;

namespace Tandem.Numerics.Tests;

public sealed class TopKTests
{
    [Fact]
    public void Select_AgreesWithSorting_TiesToTheLowestIndex()
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            SeededRandom random = new(seed);
            float[] values = DrawCoarse(ref random, random.NextInt(90));
            int[] found = new int[random.NextInt(25)];

            int count = TopK.Select(values, found);

            int[] expected = [.. Enumerable.Range(0, values.Length).Where(i => values[i] > float.NegativeInfinity)
                .OrderByDescending(i => values[i]).ThenBy(i => i).Take(found.Length)];
            Assert.True(expected.AsSpan().SequenceEqual(found.AsSpan(0, count)), $"seed {seed}");
        }
    }

    [Fact]
    public void RankOf_AgreesWithSorting()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            SeededRandom random = new(seed);
            float[] values = [.. DrawCoarse(ref random, 1 + random.NextInt(90)).Select(value => float.IsNaN(value) ? 0 : value)];
            int[] order = [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).ThenBy(i => i)];

            for (int place = 0; place < order.Length; place++)
            {
                Assert.True(place + 1 == TopK.RankOf(values, order[place]), $"seed {seed}, place {place}");
            }
        }
    }

    [Fact]
    public void Select_AllocatesNothing()
    {
        float[] values = KernelTests.Draw(1000, stream: 1);
        int[] found = new int[20];
        _ = TopK.Select(values, found);

        Assert.Equal(0, Allocations.Least(() => _ = TopK.Select(values, found)));
    }

    /// <summary>Few different numbers, so that ties are common; some are never to be chosen.</summary>
    private static float[] DrawCoarse(ref SeededRandom random, int length)
    {
        float[] values = new float[length];
        foreach (ref float value in values.AsSpan())
        {
            value = random.NextInt(12) switch
            {
                0 => float.NegativeInfinity,
                1 => float.NaN,
                2 => float.PositiveInfinity,
                int other => other - 6,
            };
        }

        return values;
    }
}
