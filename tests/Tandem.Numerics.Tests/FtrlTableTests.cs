using Tandem.Testing;

namespace Tandem.Numerics.Tests;

public sealed class FtrlTableTests
{
    private static readonly FtrlRates Rates = new(Alpha: 0.15f, Beta: 0.8f, L1: 0.02f, L2: 0.3f);

    [Fact]
    public void ScoreAndStep_OfExamplesOfAnyLength_EqualTheFormula()
    {
        const int Slots = 200;
        const ulong Seed = 5;
        using FtrlTable table = new(Slots, Rates);
        double[] z = new double[Slots];
        double[] n = new double[Slots];
        SeededRandom random = new(Seed);
        for (int example = 0; example < 1000; example++)
        {
            int[] slots = Draw(ref random, example % 71, Slots);
            float[] values = [.. slots.Select(_ => (float)random.NextGaussian())];
            double expected = slots.Zip(values, (slot, value) => Weight(z[slot], n[slot]) * value).Sum();

            table.Prefetch(slots);
            float score = table.Score(slots, values);
            float slope = (float)((1 / (1 + Math.Exp(-expected))) - random.NextInt(2));
            table.Step(slope);

            // Sums of up to a thousand float32 roundings of 6e-8 each, of numbers of the order of 1.
            Assert.True(Math.Abs(expected - score) < 1e-3, $"seed {Seed}, example {example}: {expected} {score}");
            for (int i = 0; i < slots.Length; i++)
            {
                double g = (double)slope * values[i];
                double weight = Weight(z[slots[i]], n[slots[i]]);
                z[slots[i]] += g - ((Math.Sqrt(n[slots[i]] + (g * g)) - Math.Sqrt(n[slots[i]])) / Rates.Alpha * weight);
                n[slots[i]] += g * g;
            }
        }

        float[] weights = new float[Slots];
        table.CopyWeights(weights);
        for (int slot = 0; slot < Slots; slot++)
        {
            Assert.True(Math.Abs(Weight(z[slot], n[slot]) - weights[slot]) < 1e-3, $"seed {Seed}, slot {slot}");
        }

        Assert.Contains(weights, static weight => weight > 0.05f);
        Assert.Contains(weights, static weight => weight < -0.05f);
    }

    [Fact]
    public void CopyWeights_OfSlotsThatNothingMoved_AreZero()
    {
        using FtrlTable table = new(100, Rates with { L1 = 10 });
        _ = table.Score([3, 7], [1, 1]);
        table.Step(0.5f);
        float[] weights = new float[100];

        table.CopyWeights(weights);

        Assert.DoesNotContain(weights, static weight => weight != 0);
    }

    [Fact]
    public void Score_WithSlotsOutsideTheTable_IsRefused()
    {
        using FtrlTable table = new(100, Rates);

        Assert.Throws<ArgumentException>(() => table.Score([100], [1]));
        Assert.Throws<ArgumentException>(() => table.Score([-1], [1]));
        Assert.Throws<ArgumentException>(() => table.Score([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => table.Score([1, 2, 3, 4, 5, 6, 7, 100], new float[8]));
        Assert.Throws<ArgumentException>(() => table.Score([1, 2, 3, 4, 5, 6, 7, 8, -1], new float[9]));
    }

    [Fact]
    public void ScoreAndStep_AfterTheFirstExample_AllocateNothing()
    {
        using FtrlTable table = new(1000, Rates);
        int[] slots = [.. Enumerable.Range(0, 100)];
        float[] values = [.. Enumerable.Repeat(1f, 100)];
        _ = table.Score(slots, values);

        long allocated = Allocations.Least(() =>
        {
            _ = table.Score(slots, values);
            table.Step(0.1f);
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Score_AfterDispose_IsRefused()
    {
        FtrlTable table = new(100, Rates);
        table.Dispose();

        Assert.Throws<ObjectDisposedException>(() => table.Score([1], [1]));
    }

    private static int[] Draw(ref SeededRandom random, int count, int slots)
    {
        HashSet<int> drawn = [];
        while (drawn.Count < count)
        {
            drawn.Add(random.NextInt(slots));
        }

        return [.. drawn];
    }

    private static double Weight(double z, double n) =>
        -Math.Sign(z) * Math.Max(Math.Abs(z) - Rates.L1, 0) / (((Rates.Beta + Math.Sqrt(n)) / Rates.Alpha) + Rates.L2);
}
