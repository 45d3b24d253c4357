using Tandem.Numerics.Statistics;

namespace Tandem.Numerics.Tests.Statistics;

public sealed class FalseDiscoveryTests
{
    [Fact]
    public void Adjust_OfTheClassicExample_IsByHand()
    {
        double[] adjusted = new double[5];

        FalseDiscovery.Adjust([0.01, 0.04, 0.03, 0.005, 0.5], adjusted);

        // Sorted: .005·5/1, .01·5/2, .03·5/3, .04·5/4, .5·5/5, then minima from the right.
        Assert.Equal([0.025, 0.05, 0.05, 0.025, 0.5], adjusted.Select(p => Math.Round(p, 12)));
    }

    [Fact]
    public void Adjust_OfRandomPs_RejectsAsTheStepUpRuleDoes()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            SeededRandom random = new(seed);
            double[] p = new double[random.NextInt(20)];
            for (int i = 0; i < p.Length; i++)
            {
                p[i] = Math.Pow(random.NextDouble(), 3);
            }

            double[] adjusted = new double[p.Length];
            FalseDiscovery.Adjust(p, adjusted);

            // Step-up: reject all up to the largest k with p(k) ≤ k/n·α.
            const double Alpha = 0.1;
            double[] sorted = [.. p.Order()];
            int k = Enumerable.Range(1, p.Length).LastOrDefault(j => sorted[j - 1] <= Alpha * j / p.Length);
            for (int i = 0; i < p.Length; i++)
            {
                bool isRejected = k > 0 && p[i] <= sorted[k - 1];
                Assert.True(isRejected == adjusted[i] <= Alpha, $"seed {seed}, test {i}");
            }
        }
    }
}
