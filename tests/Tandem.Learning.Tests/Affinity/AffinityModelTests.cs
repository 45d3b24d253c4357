namespace Tandem.Learning.Tests.Affinity;

public sealed class AffinityModelTests : ItemScorerConformance
{
    protected override string KindName => "group_affinity";

    [Theory]
    [InlineData(1, 1, 3, 2, 0.1)]
    [InlineData(2, 0, 0, 0.5, 1)]
    [InlineData(3, 5, 0.5, 10, 0.01)]
    public void ScoreItems_AgreesWithTheFormula(
        ulong seed, double halfLife, double userHalfLife, double smoothing, double itemSmoothing)
    {
        Interactions rows = SmallWorld.Make(seed);
        rows = rows with { ItemGroups = [.. Enumerable.Range(0, rows.ItemCount).Select(item => item % 5)] };
        Dictionary<string, double> values = new(StringComparer.Ordinal)
        {
            ["half_life_days"] = halfLife,
            ["user_half_life_days"] = userHalfLife,
            ["smoothing"] = smoothing,
            ["item_smoothing"] = itemSmoothing,
        };

        IItemScorer model = ModelCatalogue.Default.Find(KindName).Fit(rows, values, new FitContext(), CancellationToken.None);

        for (int user = 0; user < rows.UserCount; user++)
        {
            float[] scores = SmallWorld.Score(
                model, new ItemQuery { User = user, History = rows.ItemsOf(user), AgeDays = rows.AgesOf(user) });
            for (int item = 0; item < rows.ItemCount; item++)
            {
                double expected = Affinity(rows, user, item % 5, halfLife, userHalfLife, smoothing)
                    * Within(rows, item, halfLife, itemSmoothing);

                // Products of float32 sums of some hundred terms.
                Assert.True(
                    Math.Abs(expected - scores[item]) <= 1e-4 * expected, $"seed {seed}, user {user}, item {item}");
            }
        }
    }

    [Fact]
    public void ScoreItems_KnowingWhatWasShown_PrefersWhatIsChosenOfIt()
    {
        // Item 0 was chosen 3 times of 30, item 1 twice of 2; both in one group.
        Interactions rows = SmallWorld.From(itemCount: 3, [0, 1], [0, 1], [0]) with
        {
            AgeDays = [0, 0, 0, 0, 0],
            Shown = new Exposures([.. Enumerable.Repeat(0, 30), 1, 1, 2], new float[33], [.. Enumerable.Repeat(1f, 33)]),
        };

        IItemScorer model = ModelCatalogue.Default.Find(KindName).Fit(
            rows, new Dictionary<string, double>(StringComparer.Ordinal), new FitContext(), CancellationToken.None);

        // The rate of the group is 6/43; appeal = (chosen + 8 · 6/43) / (shown + 8).
        float[] scores = SmallWorld.Score(model, new ItemQuery { User = -1 });
        Assert.Equal((3 + (8 * 6 / 43.0)) / 38, scores[0], 6);
        Assert.Equal((2 + (8 * 6 / 43.0)) / 10, scores[1], 6);
        Assert.Equal(8 * 6 / 43.0 / 9, scores[2], 6);
    }

    [Fact]
    public void ScoreItems_AfterNewActions_PrefersTheirGroup()
    {
        Interactions rows = SmallWorld.Make(seed: 5);
        rows = rows with { ItemGroups = [.. Enumerable.Range(0, rows.ItemCount).Select(item => item < 20 ? 0 : 1)] };
        IItemScorer model = ModelCatalogue.Default.Find(KindName).Fit(
            rows, new Dictionary<string, double>(StringComparer.Ordinal), new FitContext(), CancellationToken.None);

        float[] scores = SmallWorld.Score(
            model, new ItemQuery { User = -1, History = [25, 30, 22, 25, 30, 22], AgeDays = [0, 0, 0, 0, 0, 0] });

        Assert.InRange(Array.IndexOf(scores, scores.Max()), 20, 39);
    }

    private static double Decay(double age, double halfLife) => halfLife == 0 ? 1 : Math.Pow(2, -age / halfLife);

    private static IEnumerable<(int Item, double Weight)> All(Interactions rows, double halfLife) =>
        Enumerable.Range(0, rows.Count).Select(row => (rows.Items[row], Decay(rows.AgeDays[row], halfLife)));

    private static double Within(Interactions rows, int item, double halfLife, double smoothing)
    {
        double own = All(rows, halfLife).Where(row => row.Item == item).Sum(row => row.Weight);
        double group = All(rows, halfLife).Where(row => row.Item % 5 == item % 5).Sum(row => row.Weight);
        return (own + smoothing) / (group + (smoothing * rows.ItemCount / 5));
    }

    private static double Affinity(
        Interactions rows, int user, int group, double halfLife, double userHalfLife, double smoothing)
    {
        double share = (All(rows, halfLife).Where(row => row.Item % 5 == group).Sum(row => row.Weight) + 1)
            / (All(rows, halfLife).Sum(row => row.Weight) + 5);
        int[] history = rows.ItemsOf(user).ToArray();
        float[] ages = rows.AgesOf(user).ToArray();
        double own = history.Zip(ages).Where(row => row.First % 5 == group).Sum(row => Decay(row.Second, userHalfLife));
        return (own + (smoothing * share)) / (ages.Sum(age => Decay(age, userHalfLife)) + smoothing);
    }
}
