using System.Text.Json;
using Tandem.Numerics.Statistics;
using Tandem.Testing;

namespace Tandem.Numerics.Tests.Statistics;

public sealed class KolmogorovSmirnovTests
{
    [SharedDataFact]
    public void DistanceAndP_OfSmallSamples_AreScipys()
    {
        JsonElement expected = StatisticsFixture.Expected("two_sample_A_B");
        double[] a = StatisticsFixture.Sorted(expected.GetProperty("A"));
        double[] b = StatisticsFixture.Sorted(expected.GetProperty("B"));

        double distance = KolmogorovSmirnov.Distance(a, b);

        Assert.Equal(expected.GetProperty("ks_stat").GetDouble(), distance, 1e-12);
        Assert.Equal(expected.GetProperty("ks_p_auto").GetDouble(), KolmogorovSmirnov.PValue(distance, 8, 8), 1e-12);
        Assert.Equal(
            expected.GetProperty("ks_p_asymp").GetDouble(), KolmogorovSmirnov.AsymptoticPValue(distance, 8, 8), 1e-12);
    }

    [SharedDataFact]
    public void DistanceAndP_OfHundredsOfRows_AreScipys()
    {
        JsonElement expected = StatisticsFixture.Expected("two_sample_normal_500_400");
        double[] reference = StatisticsFixture.SortedFile("normal_ref_500.csv");
        double[] current = StatisticsFixture.SortedFile("normal_cur_400.csv");

        double distance = KolmogorovSmirnov.Distance(reference, current);

        Assert.Equal(expected.GetProperty("ks_stat").GetDouble(), distance, 1e-12);
        Assert.Equal(
            expected.GetProperty("ks_p_auto").GetDouble(), KolmogorovSmirnov.PValue(distance, 500, 400), 1e-12);
        Assert.Equal(
            expected.GetProperty("ks_p_asymp").GetDouble(),
            KolmogorovSmirnov.AsymptoticPValue(distance, 500, 400),
            1e-12);
    }

    [Fact]
    public void Distance_OfRandomSamplesWithTies_EqualsTheDefinition()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            SeededRandom random = new(seed);
            double[] a = Draw(ref random, 1 + random.NextInt(30), 10);
            double[] b = Draw(ref random, 1 + random.NextInt(30), 10);

            double slow = a.Concat(b).Max(x =>
                Math.Abs(((double)a.Count(v => v <= x) / a.Length) - ((double)b.Count(v => v <= x) / b.Length)));

            Assert.True(Math.Abs(slow - KolmogorovSmirnov.Distance(a, b)) < 1e-15, $"seed {seed}");
        }
    }

    [Fact]
    public void ExactP_OfTinySamples_EqualsCountingEveryOrder()
    {
        for (int n = 1; n <= 6; n++)
        {
            for (int m = 1; m <= 6; m++)
            {
                List<double> distances = [.. AllDistances(n, m)];
                foreach (double distance in distances.Distinct())
                {
                    double counted = distances.Count(d => d >= distance - 1e-12) / (double)distances.Count;
                    Assert.Equal(counted, KolmogorovSmirnov.ExactPValue(distance, n, m), 1e-12);
                }
            }
        }
    }

    [Fact]
    public void AsymptoticP_OfLargeSamples_IsNearTheExact()
    {
        for (double distance = 0.01; distance < 0.2; distance += 0.005)
        {
            double exact = KolmogorovSmirnov.ExactPValue(distance, 1000, 1001);
            double near = KolmogorovSmirnov.AsymptoticPValue(distance, 1000, 1001);

            // The two-sample distance lives on a lattice; at a thousand rows its steps are worth about 0.005 of p.
            Assert.Equal(exact, near, 0.01);
        }
    }

    [Fact]
    public void PValue_AtTheEdges_IsAProbability()
    {
        Assert.Equal(1, KolmogorovSmirnov.PValue(0, 10, 10));
        Assert.Equal(1, KolmogorovSmirnov.PValue(0, 1_000_000, 1_000_000));
        Assert.Equal(0, KolmogorovSmirnov.PValue(1, 1_000_000, 1_000_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => KolmogorovSmirnov.PValue(0.1, 0, 5));
        Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.Distance([], [1]));
    }

    private static double[] Draw(ref SeededRandom random, int count, int values)
    {
        double[] sample = new double[count];
        for (int i = 0; i < count; i++)
        {
            sample[i] = random.NextInt(values);
        }

        Array.Sort(sample);
        return sample;
    }

    /// <summary>The distance of every order of n marks among m others: every choice of n bits of n + m.</summary>
    private static IEnumerable<double> AllDistances(int n, int m)
    {
        for (uint bits = 0; bits < 1u << (n + m); bits++)
        {
            if (System.Numerics.BitOperations.PopCount(bits) == n)
            {
                List<double> a = [];
                List<double> b = [];
                for (int at = 0; at < n + m; at++)
                {
                    (((bits >> at) & 1) == 1 ? a : b).Add(at);
                }

                yield return KolmogorovSmirnov.Distance(a.ToArray(), b.ToArray());
            }
        }
    }
}
