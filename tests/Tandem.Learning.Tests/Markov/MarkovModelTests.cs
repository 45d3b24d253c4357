namespace Tandem.Learning.Tests.Markov;

public sealed class MarkovModelTests : ItemScorerConformance
{
    protected override string KindName => "markov";

    [Theory]
    [InlineData(1, 1, 1, 0, 1, 1, 0)]
    [InlineData(2, 3, 0.7, 3, 10, 0.6, 0)]
    [InlineData(3, 2, 0.5, 1, 4, 0.9, 4)]
    public void ScoreItems_AgreesWithTheObviousSum(
        ulong seed, int steps, double stepDecay, double smoothing, int length, double recency, double halfLife)
    {
        Interactions rows = SmallWorld.Make(seed);
        IItemScorer model = Fit(rows, steps, stepDecay, smoothing, length, recency, halfLife);
        double[][] transitions = Transitions(rows, steps, stepDecay, halfLife);
        double[] shares =
            [.. Enumerable.Range(0, rows.ItemCount).Select(item => (double)rows.Items.Count(each => each == item) / rows.Count)];

        for (int user = 0; user < rows.UserCount; user++)
        {
            int[] history = rows.ItemsOf(user).ToArray();
            int asked = Math.Min(length, history.Length);
            double total = Enumerable.Range(0, asked).Sum(back => Math.Pow(recency, back));
            float[] scores = SmallWorld.Score(model, QueryOf(rows, user));
            for (int item = 0; item < rows.ItemCount; item++)
            {
                double expected = 1e-6 * shares[item];
                for (int back = 0; back < asked; back++)
                {
                    int met = history[history.Length - 1 - back];
                    double leaving = transitions[met].Sum();
                    double own = met == item ? 0 : transitions[met][item];
                    double chance = leaving == 0
                        ? shares[item]
                        : (own + (smoothing * shares[item])) / (leaving + smoothing);
                    expected += Math.Pow(recency, back) / total * chance;
                }

                // Sums of some dozen float32 terms of size 1.
                Assert.True(Math.Abs(expected - scores[item]) < 2e-6, $"seed {seed}, user {user}, item {item}");
            }
        }
    }

    [Fact]
    public void ScoreItems_OfOneItem_IsItsProbabilities()
    {
        Interactions rows = SmallWorld.From(itemCount: 3, [0, 1], [0, 1], [0, 2]);

        float[] scores = SmallWorld.Score(
            Fit(rows, steps: 1, stepDecay: 1, smoothing: 0, length: 1, recency: 1, halfLife: 0),
            new ItemQuery { User = -1, History = [0] });

        Assert.Equal(2 / 3.0, scores[1], 1e-5);
        Assert.Equal(1 / 3.0, scores[2], 1e-5);
    }

    private IItemScorer Fit(
        Interactions rows, int steps, double stepDecay, double smoothing, int length, double recency, double halfLife) =>
        ModelCatalogue.Default.Find(KindName).Fit(
            rows,
            new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["steps"] = steps,
                ["step_decay"] = stepDecay,
                ["smoothing"] = smoothing,
                ["history_length"] = length,
                ["recency_decay"] = recency,
                ["half_life_days"] = halfLife,
            },
            new FitContext(),
            CancellationToken.None);

    private static double[][] Transitions(Interactions rows, int steps, double stepDecay, double halfLife)
    {
        double[][] transitions = [.. Enumerable.Range(0, rows.ItemCount).Select(_ => new double[rows.ItemCount])];
        for (int user = 0; user < rows.UserCount; user++)
        {
            int[] history = rows.ItemsOf(user).ToArray();
            float[] ages = rows.AgesOf(user).ToArray();
            for (int from = 0; from < history.Length; from++)
            {
                for (int to = from + 1; to < history.Length && to <= from + steps; to++)
                {
                    transitions[history[from]][history[to]] += Math.Pow(stepDecay, to - from - 1)
                        * (halfLife == 0 ? 1 : Math.Pow(2, -ages[to] / halfLife));
                }
            }
        }

        return transitions;
    }
}
