namespace Tandem.Numerics.Tests;

public sealed class KMeansTests
{
    [Fact]
    public void Assign_AgreesWithFloat64_AtEveryDimension()
    {
        for (int columns = 1; columns <= 70; columns++)
        {
            Matrix points = new(101, columns, KernelTests.Draw(101 * columns, (ulong)columns));
            Matrix centroids = new(37, columns, KernelTests.Draw(37 * columns, 1000 + (ulong)columns));
            int[] groups = new int[101];

            KMeans.Assign(points, centroids, groups, threadCount: 1, CancellationToken.None);

            for (int point = 0; point < groups.Length; point++)
            {
                double[] distances = [.. Enumerable.Range(0, 37).Select(i => Distance(points, point, centroids, i))];

                // Two centroids may be equally near up to rounding of float32.
                Assert.Equal(distances.Min(), distances[groups[point]], 1e-4 * columns);
            }
        }
    }

    [Fact]
    public void Assign_EqualCentroids_TieToTheLowest()
    {
        Matrix points = new(30, 3, KernelTests.Draw(90, 1));
        Matrix centroids = new(70, 3);
        int[] groups = new int[30];

        KMeans.Assign(points, centroids, groups, 1, CancellationToken.None);

        Assert.All(groups, group => Assert.Equal(0, group));
    }

    [Fact]
    public void Fit_FindsGroupsThatLieApart()
    {
        SeededRandom random = new(5);
        Matrix points = new(900, 4);
        for (int i = 0; i < 900; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                points.Row(i)[j] = (i % 3 == j ? 10 : 0) + (float)(0.1 * random.NextGaussian());
            }
        }

        Matrix centroids = KMeans.Fit(points, 3, 50, seed: 2, threadCount: 1, CancellationToken.None);
        int[] groups = new int[900];
        KMeans.Assign(points, centroids, groups, 1, CancellationToken.None);

        Assert.Equal(3, groups.Take(3).Distinct().Count());
        Assert.All(Enumerable.Range(0, 900), i => Assert.Equal(groups[i % 3], groups[i]));
    }

    [Fact]
    public void Fit_SameBytesForAnyThreadCount_AndEveryPassIsNoWorse()
    {
        Matrix points = new(5000, 13, KernelTests.Draw(5000 * 13, 8));

        Matrix one = KMeans.Fit(points, 40, 6, seed: 3, threadCount: 1, CancellationToken.None);
        Matrix four = KMeans.Fit(points, 40, 6, seed: 3, threadCount: 4, CancellationToken.None);
        double after1 = Loss(points, KMeans.Fit(points, 40, 1, 3, 1, CancellationToken.None));

        Assert.Equal(one.Values, four.Values);
        Assert.True(Loss(points, one) < after1);
    }

    [Fact]
    public void Fit_FewerDifferentPointsThanCentroids_StaysFinite()
    {
        Matrix points = new(50, 2);
        points.Values.AsSpan(0, 40).Fill(1);

        Matrix centroids = KMeans.Fit(points, 20, 10, 1, 2, CancellationToken.None);

        Assert.All(centroids.Values, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Fit_MoreCentroidsThanPoints_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => KMeans.Fit(new Matrix(3, 2), 4, 1, 1, 1, CancellationToken.None));

    private static double Loss(Matrix points, Matrix centroids)
    {
        int[] groups = new int[points.RowCount];
        KMeans.Assign(points, centroids, groups, 1, CancellationToken.None);
        return Enumerable.Range(0, points.RowCount).Sum(i => Distance(points, i, centroids, groups[i]));
    }

    private static double Distance(Matrix points, int point, Matrix centroids, int centroid)
    {
        double sum = 0;
        for (int i = 0; i < points.ColumnCount; i++)
        {
            double apart = (double)points.Row(point)[i] - centroids.Row(centroid)[i];
            sum += apart * apart;
        }

        return sum;
    }
}
