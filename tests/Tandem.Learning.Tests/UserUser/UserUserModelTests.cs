namespace Tandem.Learning.Tests.UserUser;

public sealed class UserUserModelTests : ItemScorerConformance
{
    protected override string KindName => "user_user";

    [Theory]
    [InlineData(1, 200, 2)]
    [InlineData(2, 5, 0)]
    [InlineData(3, 1, 10)]
    public void ScoreItems_AgreesWithTheObviousSum(ulong seed, int neighbours, double shrinkage)
    {
        Interactions rows = SmallWorld.Make(seed);
        IItemScorer model = ModelCatalogue.Default.Find(KindName).Fit(
            rows,
            new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["neighbours"] = neighbours,
                ["shrinkage"] = shrinkage,
            },
            new FitContext(),
            CancellationToken.None);
        double[][] counts = [.. Enumerable.Range(0, rows.UserCount).Select(user => Counts(rows, user))];

        for (int user = 0; user < rows.UserCount; user++)
        {
            float[] scores = SmallWorld.Score(model, QueryOf(rows, user));
            int[] near = Nearest(counts, user, neighbours, shrinkage);
            for (int item = 0; item < rows.ItemCount; item++)
            {
                double expected = near.Sum(other => Likeness(counts[user], counts[other], shrinkage) * counts[other][item])
                    + (1e-6 * rows.Items.Count(each => each == item) / rows.Count);

                // Sums of at most 60 float32 terms of size 1.
                Assert.True(Math.Abs(expected - scores[item]) < 1e-5, $"seed {seed}, user {user}, item {item}");
            }
        }
    }

    [Fact]
    public void ScoreItems_OfAKnownUser_LeavesThemOutOfTheirNeighbours()
    {
        Interactions rows = SmallWorld.From(itemCount: 4, [0, 1], [0, 2], [3]);
        IItemScorer model = Fit(rows);

        float[] known = SmallWorld.Score(model, new ItemQuery { User = 0, History = [0], HistoryIsNew = true });
        float[] stranger = SmallWorld.Score(model, new ItemQuery { User = -1, History = [0], HistoryIsNew = true });

        Assert.True(known[1] < 1e-5);
        Assert.True(stranger[1] > 0.1);
        Assert.Equal(stranger[2], known[2]);
    }

    private static int[] Nearest(double[][] counts, int user, int neighbours, double shrinkage) =>
    [
        .. Enumerable.Range(0, counts.Length)
            .Where(other => other != user && Likeness(counts[user], counts[other], shrinkage) > 0)
            .OrderByDescending(other => (float)Likeness(counts[user], counts[other], shrinkage))
            .ThenBy(other => other)
            .Take(neighbours),
    ];

    private static double Likeness(double[] one, double[] other, double shrinkage)
    {
        double product = one.Zip(other, static (a, b) => a * b).Sum();
        int common = one.Zip(other, static (a, b) => a > 0 && b > 0 ? 1 : 0).Sum();
        return product == 0
            ? 0
            : product / Math.Sqrt(one.Sum(a => a * a) * other.Sum(b => b * b)) * common / (common + shrinkage);
    }

    private static double[] Counts(Interactions rows, int user)
    {
        double[] counts = new double[rows.ItemCount];
        foreach (int item in rows.ItemsOf(user))
        {
            counts[item]++;
        }

        return counts;
    }
}
