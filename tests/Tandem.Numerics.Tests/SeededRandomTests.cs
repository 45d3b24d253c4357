namespace Tandem.Numerics.Tests;

public sealed class SeededRandomTests
{
    [Fact]
    public void NextBits_OfAKnownSeed_IsFrozen()
    {
        SeededRandom random = new(seed: 42);

        // Models and figures in the documentation depend on these; they never change.
        Assert.Equal([1546998764402558742UL, 6990951692964543102UL, 12544586762248559009UL], [random.NextBits(), random.NextBits(), random.NextBits()]);
    }

    [Fact]
    public void NextGaussian_HasMeanZeroAndVarianceOne()
    {
        SeededRandom random = new(seed: 1);
        double sum = 0;
        double squares = 0;
        const int Count = 200_000;
        for (int i = 0; i < Count; i++)
        {
            double x = random.NextGaussian();
            sum += x;
            squares += x * x;
        }

        // Standard errors of mean and variance are 0.0022 and 0.0032.
        Assert.Equal(0, sum / Count, 0.01);
        Assert.Equal(1, squares / Count, 0.015);
    }

    [Fact]
    public void NextInt_StaysInBounds_AndMeetsAll()
    {
        SeededRandom random = new(seed: 2);
        int[] met = new int[7];
        for (int i = 0; i < 7000; i++)
        {
            met[random.NextInt(7)]++;
        }

        Assert.All(met, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Streams_OfOneSeed_Differ()
    {
        SeededRandom first = new(seed: 3, stream: 1);
        SeededRandom second = new(seed: 3, stream: 2);

        Assert.NotEqual(first.NextBits(), second.NextBits());
    }
}
