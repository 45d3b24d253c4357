using Tandem.Testing;

namespace Tandem.Numerics.Tests;

public sealed class BestListTests
{
    [Fact]
    public void Finish_AgreesWithSorting_TiesToTheLowestId_InAnyOrderOfOffers()
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            SeededRandom random = new(seed);
            int wanted = random.NextInt(30);
            (float Score, int Id)[] offers = new (float, int)[random.NextInt(700)];
            for (int i = 0; i < offers.Length; i++)
            {
                offers[i] = ((random.NextInt(40) - 20) / 4f, random.NextInt(1 << 20));
            }

            BestList best = new();
            best.Reset(wanted);
            foreach ((float score, int id) in offers)
            {
                best.Add(score, id);
            }

            int[] ids = new int[Math.Max(wanted, offers.Length)];
            float[] scores = new float[ids.Length];
            int found = best.Finish(ids, scores);

            (float Score, int Id)[] expected =
                [.. offers.OrderByDescending(offer => offer.Score).ThenBy(offer => offer.Id).Take(wanted)];
            Assert.True(
                expected.SequenceEqual(scores.Take(found).Zip(ids.Take(found))), $"seed {seed}");
        }
    }

    [Fact]
    public void Threshold_NeverKeepsOutWhatBelongsToTheBest()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            BestList best = new();
            best.Reset(10);
            float[] values = KernelTests.Draw(2000, seed);
            for (int id = 0; id < values.Length; id++)
            {
                if (values[id] > best.Threshold)
                {
                    best.Add(values[id], id);
                }
            }

            int[] ids = new int[10];
            int found = best.Finish(ids, []);

            int[] expected = new int[10];
            Assert.Equal(10, TopK.Select(values, expected));
            Assert.True(found == 10 && expected.AsSpan().SequenceEqual(ids), $"seed {seed}");
        }
    }

    [Fact]
    public void Add_MinusZeroIsZero_AndInfinitiesHaveTheirPlace()
    {
        BestList best = new();
        best.Reset(5);
        best.Add(-0f, 1);
        best.Add(0f, 2);
        best.Add(float.PositiveInfinity, 3);
        best.Add(float.NegativeInfinity, 4);
        int[] ids = new int[5];

        int found = best.Finish(ids, []);

        Assert.Equal([3, 1, 2, 4], ids[..found]);
    }

    [Fact]
    public void Reset_WithinWhatWasWantedBefore_AllocatesNothing()
    {
        BestList best = new();
        int[] ids = new int[100];
        Fill(best, ids);

        Assert.Equal(0, Allocations.Least(() => Fill(best, ids)));
    }

    private static void Fill(BestList best, int[] ids)
    {
        best.Reset(100);
        for (int id = 0; id < 1000; id++)
        {
            best.Add(id % 37, id);
        }

        best.Finish(ids, []);
    }
}
