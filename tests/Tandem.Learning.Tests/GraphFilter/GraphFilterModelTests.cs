#pragma warning disable CA1814 // The oracle is dense algebra: a rectangle is what it means.
using Tandem.Learning.GraphFilter;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.GraphFilter;

public sealed class GraphFilterModelTests : ItemScorerConformance
{
    protected override string KindName => "graph_filter";

    protected override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double>(StringComparer.Ordinal) { ["factors"] = 6, ["sharpening"] = 1.5 };

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    [InlineData(5, 2.5)]
    public void ScoreItems_AgreesWithTheFormulas(int factors, double sharpening)
    {
        Interactions rows = SmallWorld.Make(seed: 21);
        GraphFilterOptions options = new() { Factors = factors, Sharpening = sharpening, Iterations = 60 };
        GraphFilterModel model = GraphFilterTrainer.Fit(rows, options, new FitContext(), CancellationToken.None);
        double[,] filter = DenseFilter(rows, factors, options.IdealWeight, sharpening);

        for (int user = 0; user < rows.UserCount; user++)
        {
            float[] found = SmallWorld.Score(model, QueryOf(rows, user));
            for (int item = 0; item < rows.ItemCount; item++)
            {
                double expected = 0;
                foreach (int other in rows.ItemsOf(user))
                {
                    expected += filter[other, item];
                }

                // Float32 against float64, and a popularity tie-break of at most 10⁻⁶.
                Assert.Equal(expected, found[item], 2e-4);
            }
        }
    }

    [Fact]
    public void ScoreMany_AgreesWithScoreItems()
    {
        Interactions rows = SmallWorld.Make(seed: 22);
        var model = (IBatchScorer)Fit(rows);
        Matrix scores = new(rows.UserCount, rows.ItemCount);
        Array.Fill(scores.Values, float.NaN);

        model.ScoreMany(rows.UserCount, user => QueryOf(rows, user), scores);

        for (int user = 0; user < rows.UserCount; user++)
        {
            float[] alone = SmallWorld.Score(model, QueryOf(rows, user));
            for (int item = 0; item < rows.ItemCount; item++)
            {
                Assert.Equal(alone[item], scores.Row(user)[item], 1e-5);
            }
        }
    }

    /// <summary>The filter as one matrix, item to item, by the textbook in float64.</summary>
    private static double[,] DenseFilter(Interactions rows, int factors, double idealWeight, double sharpening)
    {
        int items = rows.ItemCount;
        double[,] weights = new double[rows.UserCount, items];
        double[] users = new double[rows.UserCount];
        double[] counts = new double[items];
        for (int user = 0; user < rows.UserCount; user++)
        {
            foreach (int item in rows.ItemsOf(user))
            {
                weights[user, item]++;
                users[user]++;
                counts[item]++;
            }
        }

        double[,] graph = Fill(items, (i, j) => counts[i] == 0 || counts[j] == 0
            ? 0
            : Enumerable.Range(0, rows.UserCount).Where(user => users[user] > 0).Sum(
                user => weights[user, i] * weights[user, j] / users[user] / Math.Sqrt(counts[i] * counts[j])));
        Matrix floats = new(items, items);
        for (int i = 0; i < items; i++)
        {
            for (int j = 0; j < items; j++)
            {
                floats.Row(i)[j] = (float)graph[i, j];
            }
        }

        var eigen = SymmetricEigen.Of(floats);
        double[,] filter = Fill(items, (i, j) => graph[i, j] + (counts[i] == 0
            ? 0
            : idealWeight * Math.Sqrt(counts[j] / counts[i])
                * Enumerable.Range(0, factors).Sum(at => eigen.Vectors[at][i] * eigen.Vectors[at][j])));
        double[,] power = filter;
        double[,] result = filter;
        double factor = 1;
        for (int exponent = 1; exponent <= 4 && sharpening > 0; exponent++)
        {
            double[,] before = power;
            double[,] sum = result;
            power = Fill(items, (i, j) => Enumerable.Range(0, items).Sum(at => before[i, at] * graph[at, j]));
            factor *= -sharpening / exponent;
            double scale = factor;
            double[,] added = power;
            result = Fill(items, (i, j) => sum[i, j] + (scale * added[i, j]));
        }

        return result;
    }

    private static double[,] Fill(int size, Func<int, int, double> value)
    {
        double[,] filled = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                filled[i, j] = value(i, j);
            }
        }

        return filled;
    }
}
