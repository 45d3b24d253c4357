using System.Globalization;
using System.Text;
using Tandem.Features.Evaluation;
using Tandem.Numerics;
using Xunit.Abstractions;

namespace Tandem.Features.Tests.Evaluation;

public sealed class SketchTests
{
    private readonly ITestOutputHelper _output;

    public SketchTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void Estimate_OfDifferentTexts_ErrsAsStated()
    {
        // Counts from a hundred to a hundred and fifty thousand: the root mean square of the relative errors is near 1.6 %.
        double squares = 0;
        int trials = 0;
        for (int seed = 0; seed < 5; seed++)
        {
            byte[] registers = new byte[DistinctSketch.Size];
            int next = 100;
            for (int i = 1; i <= 200_000; i++)
            {
                DistinctSketch.Add(registers, Text(seed, i));
                if (i == next)
                {
                    double error = (DistinctSketch.Estimate(registers) / i) - 1;
                    _output.WriteLine($"seed {seed}, {i}: {error:P2}");
                    Assert.InRange(error, -0.07, 0.07);
                    squares += error * error;
                    trials++;
                    next = next * 5 / 2;
                }
            }
        }

        Assert.InRange(Math.Sqrt(squares / trials), 0.002, 0.022);
    }

    [Fact]
    public void Estimate_OfAFewTexts_IsExact()
    {
        byte[] registers = new byte[DistinctSketch.Size];
        Assert.Equal(0, DistinctSketch.Estimate(registers));
        for (int i = 1; i <= 20; i++)
        {
            DistinctSketch.Add(registers, Text(1, i));
            DistinctSketch.Add(registers, Text(1, i));
            Assert.Equal(i, DistinctSketch.Estimate(registers));
        }
    }

    [Fact]
    public void ValueAt_OfAnyRank_IsWithinOnePercent()
    {
        var random = new SeededRandom(3);
        double[] values = new double[20_000];
        var counts = new Dictionary<int, int>();
        for (int i = 0; i < values.Length; i++)
        {
            // Nine orders of magnitude on both sides of zero, and zero itself.
            double size = Math.Pow(10, (random.NextDouble() * 9) - 3);
            values[i] = random.NextInt(50) == 0 ? 0 : random.NextInt(3) == 0 ? -size : size;
            Remnant.CountIn(counts, QuantileSketch.KeyOf(values[i]));
        }

        Array.Sort(values);
        for (int q = 0; q <= 1000; q++)
        {
            double expected = values[(int)QuantileSketch.Rank(q / 1000.0, values.Length)];
            double actual = QuantileSketch.ValueAt(counts, q / 1000.0);
            Assert.True(Math.Abs(actual - expected) <= 0.01 * Math.Abs(expected), $"{q}: {expected:R} but {actual:R}");
        }
    }

    [Theory]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    [InlineData(-1.0)]
    [InlineData(0.0)]
    public void KeyOf_TheEndsOfTheDoubles_KeepsTheOrder(double value)
    {
        int key = QuantileSketch.KeyOf(value);

        Assert.Equal(Math.Sign(value), Math.Sign(key));
        Assert.InRange(key, -80_000, 80_000);
    }

    private static byte[] Text(int seed, int number) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}-item-{number}"));
}
