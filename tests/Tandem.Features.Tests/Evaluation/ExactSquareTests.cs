using System.Numerics;
using Tandem.Features.Evaluation;
using Tandem.Numerics;
using Xunit.Abstractions;

namespace Tandem.Features.Tests.Evaluation;

public sealed class ExactSquareTests
{
    private readonly ITestOutputHelper _output;

    public ExactSquareTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void Variance_OfAMillionValuesCloseTogether_EqualsTwoPasses()
    {
        var random = new SeededRandom(7);
        double[] values = new double[1_000_000];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = 100_000 + random.NextDouble();
        }

        double mean = values.Average();
        double expected = values.Sum(value => (value - mean) * (value - mean)) / values.Length;

        double actual = VarianceOf(values);

        Assert.Equal(1, actual / expected, 7);
        // What a sum of squares in doubles loses on these values.
        double naive = (values.Sum(value => value * value) / values.Length) - (mean * mean);
        Assert.True(Math.Abs((naive / expected) - 1) > Math.Abs((actual / expected) - 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Variance_OfAnyMagnitudes_EqualsWholeNumbersWithoutLimit(ulong seed)
    {
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        for (int round = 0; round < 500; round++)
        {
            double[] values = new double[1 + random.NextInt(12)];
            int magnitude = random.NextInt(60) - 8;
            double centre = random.NextInt(2) == 0 ? 0 : Math.Pow(2, random.NextInt(50)) * (random.NextInt(2) - 0.5);
            for (int i = 0; i < values.Length; i++)
            {
                double value = centre + ((random.NextDouble() - 0.5) * Math.Pow(2, magnitude));
                values[i] = Math.Clamp(value, -(1L << 53), 1L << 53);
            }

            double expected = Twin(values);

            double actual = VarianceOf(values);

            Assert.True(
                expected == actual || Math.Abs(actual - expected) <= 1e-14 * expected,
                $"{string.Join(' ', values.Select(v => v.ToString("R", null)))}: {expected:R} but {actual:R}");
        }
    }

    [Fact]
    public void Variance_OfEqualValues_IsZero()
    {
        Assert.Equal(0.0, VarianceOf([0.1, 0.1, 0.1]));
        Assert.Equal(0.0, VarianceOf([-9007199254740991, -9007199254740991]));
    }

    private static double VarianceOf(double[] values)
    {
        Int128 sum = 0;
        ExactSquare squares = default;
        foreach (double value in values)
        {
            Assert.True(ExactNumber.TryFrom(value, out Int128 exact));
            sum += exact;
            squares += ExactSquare.Of(exact);
        }

        // Adding and taking away again must change nothing.
        foreach (double value in values.Reverse())
        {
            ExactNumber.TryFrom(value, out Int128 exact);
            squares = squares + ExactSquare.Of(exact) - ExactSquare.Of(exact);
        }

        return ExactSquare.Variance(values.Length, sum, squares);
    }

    /// <summary>n·Σx² − (Σx)² over n², in whole numbers; one division at the end.</summary>
    private static double Twin(double[] values)
    {
        BigInteger[] whole = [.. values.Select(value => new BigInteger(value * Math.Pow(2, 60)))];
        BigInteger sum = whole.Aggregate(BigInteger.Zero, (left, right) => left + right);
        BigInteger squares = whole.Aggregate(BigInteger.Zero, (left, right) => left + (right * right));
        BigInteger above = (squares * values.Length) - (sum * sum);
        // Shifted so that the quotient keeps its digits as a whole number.
        BigInteger quotient = (above << 200) / ((BigInteger)values.Length * values.Length);
        return (double)quotient * Math.Pow(2, -200) * Math.Pow(2, -120);
    }
}
