namespace Tandem.Numerics.Tests;

public sealed class PrincipalComponentsTests
{
    /// <summary>The first direction is the one that repeated multiplication by the covariance leads to; what is left of the
    /// rows without it leads to the second.</summary>
    [Theory]
    [InlineData(40, 5)]
    [InlineData(7, 17)]
    [InlineData(300, 64)]
    public void Fit_OfRows_FindsWhatPowerIterationInDoublePrecisionFinds(int rowCount, int columnCount)
    {
        float[] values = KernelTests.Draw(rowCount * columnCount, stream: 3);
        for (int i = 0; i < values.Length; i++)
        {
            // Columns of very different spread, far from zero.
            values[i] = (values[i] * (1 + (i % columnCount == 2 ? 9 : i % columnCount == 4 ? 4 : 0))) + 3;
        }

        double[][] centred = Centre(values, rowCount, columnCount);
        double total = centred.Sum(row => row.Sum(static value => value * value)) / rowCount;

        var found = PrincipalComponents.Fit(new Matrix(rowCount, columnCount, values), 2, threadCount: 2);

        Assert.Equal(total, found.TotalVariance, 1e-4 * total);
        for (int k = 0; k < 2; k++)
        {
            (double[] direction, double variance) = Strongest(centred);
            double cosine = direction.Zip(found.Directions.Row(k).ToArray(), static (x, y) => x * y).Sum();
            Assert.Equal(1, Math.Abs(cosine), 1e-4);
            Assert.Equal(variance, found.Variances[k], 1e-4 * total);
            foreach (double[] row in centred)
            {
                double along = row.Zip(direction, static (x, y) => x * y).Sum();
                for (int i = 0; i < columnCount; i++)
                {
                    row[i] -= along * direction[i];
                }
            }
        }
    }

    [Fact]
    public void Fit_BeyondTheRank_GivesZeros()
    {
        var found = PrincipalComponents.Fit(new Matrix(2, 3, [1, 2, 3, 3, 2, 3]), 3, threadCount: 1);

        Assert.Equal([2, 2, 3], found.Mean);
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 0], found.Directions.Values);
        Assert.Equal([1, 0, 0], found.Variances);
    }

    [Fact]
    public void Fit_WithAnyNumberOfThreads_GivesTheSameBytes()
    {
        float[] values = KernelTests.Draw(5000 * 20, stream: 4);

        var one = PrincipalComponents.Fit(new Matrix(5000, 20, [.. values]), 8, threadCount: 1);
        var two = PrincipalComponents.Fit(new Matrix(5000, 20, [.. values]), 8, threadCount: 2);

        Assert.Equal(one.Directions.Values, two.Directions.Values);
        Assert.Equal(one.Mean, two.Mean);
    }

    private static double[][] Centre(float[] values, int rowCount, int columnCount)
    {
        double[] mean =
        [
            .. Enumerable.Range(0, columnCount)
                .Select(column => Enumerable.Range(0, rowCount).Average(row => (double)values[(row * columnCount) + column])),
        ];
        return
        [
            .. Enumerable.Range(0, rowCount)
                .Select(row => mean.Select((each, column) => values[(row * columnCount) + column] - each).ToArray()),
        ];
    }

    private static (double[] Direction, double Variance) Strongest(double[][] rows)
    {
        double[] direction = [.. Enumerable.Range(0, rows[0].Length).Select(static i => 1.0 / (i + 1))];
        double length = 0;
        for (int turn = 0; turn < 20_000; turn++)
        {
            double[] next = new double[direction.Length];
            foreach (double[] row in rows)
            {
                double along = row.Zip(direction, static (x, y) => x * y).Sum();
                for (int i = 0; i < next.Length; i++)
                {
                    next[i] += along * row[i];
                }
            }

            double change = length;
            length = Math.Sqrt(next.Sum(static value => value * value));
            direction = [.. next.Select(value => value / length)];
            if (turn > 50 && Math.Abs(length - change) < 1e-13 * length)
            {
                break;
            }
        }

        return (direction, length / rows.Length);
    }
}
