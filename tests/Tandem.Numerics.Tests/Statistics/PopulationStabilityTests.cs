using System.Text.Json;
using Tandem.Numerics.Statistics;
using Tandem.Testing;

namespace Tandem.Numerics.Tests.Statistics;

public sealed class PopulationStabilityTests
{
    [SharedDataFact]
    public void OfSamples_OverReferenceDeciles_IsTheFixtures()
    {
        double expected = StatisticsFixture.Expected("two_sample_normal_500_400")
            .GetProperty("psi_reference_deciles").GetDouble();
        double[] reference = StatisticsFixture.SortedFile("normal_ref_500.csv");
        double[] current = StatisticsFixture.SortedFile("normal_cur_400.csv");

        Assert.Equal(expected, PopulationStability.OfSamples(reference, current), 1e-12);
    }

    [SharedDataFact]
    public void OfShares_OfCategories_IsTheFixtures()
    {
        JsonElement expected = StatisticsFixture.Expected("categorical_1");
        double[] reference = Shares(expected.GetProperty("ref"));
        double[] current = Shares(expected.GetProperty("cur"));

        Assert.Equal(expected.GetProperty("psi").GetDouble(), PopulationStability.OfShares(reference, current), 1e-12);
    }

    [Fact]
    public void OfShares_WithAnEmptyCell_FillsItWithTheSmallShare()
    {
        double index = PopulationStability.OfShares([0.5, 0.5], [1, 0]);

        double expected = (0.5 * Math.Log(2)) + ((1e-4 - 0.5) * Math.Log(1e-4 / 0.5));
        Assert.Equal(expected, index, 1e-12);
    }

    [Fact]
    public void OfShares_WithAShareBelowTheSmall_FillsWithAMillionthOfIt()
    {
        double index = PopulationStability.OfShares([0.99995, 0.00005, 0], [0.99995, 0.00005, 0]);
        double moved = PopulationStability.OfShares([0.99995, 0.00005, 0], [0.5, 0.25, 0.25]);

        Assert.Equal(0, index);
        double expected = ((0.5 - 0.99995) * Math.Log(0.5 / 0.99995)) + ((0.25 - 0.00005) * Math.Log(0.25 / 0.00005))
            + ((0.25 - 5e-11) * Math.Log(0.25 / 5e-11));
        Assert.Equal(expected, moved, 1e-12);
    }

    [Fact]
    public void OfSamples_OfATwoValuedColumn_SeesTheShareMove()
    {
        double[] reference = [.. Enumerable.Range(0, 100).Select(i => i < 60 ? 0.0 : 1.0)];
        double[] same = [.. Enumerable.Range(0, 50).Select(i => i < 30 ? 0.0 : 1.0)];
        double[] moved = [.. Enumerable.Range(0, 50).Select(i => i < 10 ? 0.0 : 1.0)];

        Assert.Equal(0, PopulationStability.OfSamples(reference, same), 1e-12);
        Assert.Equal(
            PopulationStability.OfShares([0.6, 0.4], [0.2, 0.8]), PopulationStability.OfSamples(reference, moved), 1e-12);
    }

    private static double[] Shares(JsonElement counts)
    {
        double[] numbers = [.. counts.EnumerateArray().Select(n => n.GetDouble())];
        return [.. numbers.Select(n => n / numbers.Sum())];
    }
}
