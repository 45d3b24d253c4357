using Tandem.Faults;

namespace Tandem.Learning.Tests;

public sealed class ModelCatalogueTests
{
    [Fact]
    public void Default_HoldsTheKindsByName()
    {
        Assert.Equal(
            [
                "popular", "popular_windowed", "group_affinity", "user_user", "item_item", "markov", "co_occurrence",
                "slim", "ease", "graph_filter", "bpr", "skip_gram", "ials", "two_tower",
                "sasrec",
            ],
            ModelCatalogue.Default.Kinds.Select(kind => kind.Name),
            StringComparer.Ordinal);
    }

    [Fact]
    public void Find_OfAnUnknownKind_NamesTheNearest()
    {
        TandemException fault = Assert.Throws<TandemException>(() => ModelCatalogue.Default.Find("co_occurence"));

        Assert.Equal("LRN001", fault.Fault.Code);
        Assert.Equal("co_occurrence", fault.Fault.Nearest);
        Assert.False(ModelCatalogue.Default.TryFind("IALS", out _));
    }

    [Fact]
    public void Fit_WithWrongParameters_ReportsAllOfThem()
    {
        Dictionary<string, double> values = new(StringComparer.Ordinal)
        {
            ["factor"] = 3,
            ["epochs"] = 1.5,
            ["regularisation"] = -1,
            ["unobserved_weight"] = double.NaN,
            ["half_life_days"] = 5,
        };

        TandemException fault = Assert.Throws<TandemException>(() => ModelCatalogue.Default.Find("ials").Fit(
            SmallWorld.Make(seed: 1), values, new FitContext(), CancellationToken.None));

        Assert.Equal(["LRN003", "LRN002", "LRN003", "LRN003"], fault.Faults.Select(found => found.Code), StringComparer.Ordinal);
        Assert.Equal("factors", fault.Faults[1].Nearest);
        Assert.Contains("a whole number from 1 to 1000", fault.Faults[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("popular_windowed", "window_days", 3)]
    [InlineData("popular_windowed", "half_life_days", 1)]
    [InlineData("item_item", "neighbours", 2)]
    [InlineData("co_occurrence", "reach", 1)]
    [InlineData("co_occurrence", "backward_weight", 0)]
    [InlineData("co_occurrence", "distance_exponent", 0)]
    [InlineData("co_occurrence", "count_shrinkage", 0)]
    [InlineData("co_occurrence", "count_exponent", 0.2)]
    [InlineData("co_occurrence", "asked_exponent", 0.2)]
    [InlineData("co_occurrence", "length_exponent", 0.5)]
    [InlineData("co_occurrence", "neighbours", 2)]
    [InlineData("co_occurrence", "history_length", 1)]
    [InlineData("co_occurrence", "recency_decay", 0.1)]
    [InlineData("co_occurrence", "half_life_days", 1)]
    [InlineData("user_user", "neighbours", 3)]
    [InlineData("user_user", "shrinkage", 9)]
    [InlineData("markov", "steps", 1)]
    [InlineData("markov", "step_decay", 0.1)]
    [InlineData("markov", "smoothing", 0)]
    [InlineData("markov", "neighbours", 2)]
    [InlineData("markov", "history_length", 1)]
    [InlineData("markov", "recency_decay", 0.1)]
    [InlineData("markov", "half_life_days", 1)]
    [InlineData("slim", "sparsity", 0.1)]
    [InlineData("slim", "regularisation", 1)]
    [InlineData("slim", "candidates", 3)]
    [InlineData("slim", "non_negative", 0)]
    [InlineData("slim", "sweeps", 1)]
    [InlineData("slim", "tolerance", 0.1)]
    [InlineData("bpr", "factors", 3)]
    [InlineData("bpr", "learning_rate", 0.2)]
    [InlineData("bpr", "regularisation", 0.1)]
    [InlineData("bpr", "epochs", 1)]
    [InlineData("skip_gram", "factors", 3)]
    [InlineData("skip_gram", "reach", 1)]
    [InlineData("skip_gram", "negatives", 1)]
    [InlineData("skip_gram", "count_exponent", 0)]
    [InlineData("skip_gram", "session_gap_days", 1)]
    [InlineData("skip_gram", "learning_rate", 0.2)]
    [InlineData("skip_gram", "epochs", 1)]
    [InlineData("skip_gram", "history_length", 1)]
    [InlineData("skip_gram", "recency_decay", 0.1)]
    [InlineData("ials", "factors", 3)]
    [InlineData("ials", "regularisation", 0.5)]
    [InlineData("ials", "regularisation_exponent", 0.5)]
    [InlineData("ials", "unobserved_weight", 0.9)]
    [InlineData("ials", "epochs", 1)]
    [InlineData("ials", "initial_deviation", 2)]
    [InlineData("ials", "half_life_days", 1)]
    [InlineData("sasrec", "factors", 8)]
    [InlineData("sasrec", "blocks", 1)]
    [InlineData("sasrec", "heads", 1)]
    [InlineData("sasrec", "history_length", 3)]
    [InlineData("sasrec", "dropout", 0)]
    [InlineData("sasrec", "negatives", 5)]
    [InlineData("sasrec", "batch_size", 7)]
    [InlineData("sasrec", "learning_rate", 0.01)]
    [InlineData("sasrec", "weight_decay", 1)]
    [InlineData("sasrec", "epochs", 1)]
    public void Fit_WithAnotherSetting_GivesAnotherModel(string kind, string parameter, double value)
    {
        Interactions rows = SmallWorld.Make(seed: 2);
        Dictionary<string, double> changed = Quick(kind);
        changed[parameter] = value;

        float[] before = Score(kind, rows, Quick(kind));
        float[] after = Score(kind, rows, changed);

        Assert.NotEqual(before, after);
    }

    [Fact]
    public void Fit_OfTheFactorsWithAnotherSeed_GivesAnotherModel()
    {
        Interactions rows = SmallWorld.Make(seed: 3);
        ModelKind kind = ModelCatalogue.Default.Find("ials");
        Dictionary<string, double> values = new(StringComparer.Ordinal) { ["epochs"] = 1 };

        byte[] one = SmallWorld.Save(kind.Fit(rows, values, new FitContext { Seed = 1 }, CancellationToken.None));
        byte[] two = SmallWorld.Save(kind.Fit(rows, values, new FitContext { Seed = 2 }, CancellationToken.None));

        Assert.NotEqual(one, two);
    }

    [Fact]
    public void Fit_ReportsProgressToTheEnd()
    {
        foreach (string name in (string[])
            [
                "user_user", "item_item", "markov", "co_occurrence", "slim", "ease", "graph_filter", "bpr", "skip_gram",
                "ials", "sasrec",
            ])
        {
            Recorder progress = new();

            _ = ModelCatalogue.Default.Find(name).Fit(
                SmallWorld.Make(seed: 4),
                Quick(name),
                new FitContext { ThreadCount = 1, Progress = progress },
                CancellationToken.None);

            Assert.Equal(1, progress.Shares[^1]);
            Assert.Equal(progress.Shares.Order(), progress.Shares);
        }
    }

    [Fact]
    public void Fit_WithRowsThatDoNotFit_IsRefused()
    {
        Interactions rows = SmallWorld.From(itemCount: 3, [0, 1], [2]);
        Interactions[] wrong =
        [
            rows with { RowStarts = [0, 3] },
            rows with { RowStarts = [0, 2, 2] },
            rows with { RowStarts = [0, 4, 3] },
            rows with { RowStarts = [1, 2, 3] },
            rows with { Items = [0, 1, 3] },
            rows with { Items = [0, -1, 2] },
            rows with { AgeDays = [1] },
            rows with { Weights = [1, 1] },
        ];

        Assert.All(wrong, bad => Assert.Throws<ArgumentException>(() => ModelCatalogue.Default.Find("popular").Fit(
            bad, new Dictionary<string, double>(StringComparer.Ordinal), new FitContext(), CancellationToken.None)));
    }

    /// <summary>Settings that make a network small enough for a test; none for other kinds.</summary>
    private static Dictionary<string, double> Quick(string kind) =>
        kind == "sasrec"
            ? new(StringComparer.Ordinal) { ["factors"] = 4, ["epochs"] = 2, ["batch_size"] = 30, ["patience"] = 0 }
            : new(StringComparer.Ordinal);

    private static float[] Score(string kind, Interactions rows, Dictionary<string, double> values)
    {
        IItemScorer model = ModelCatalogue.Default.Find(kind).Fit(rows, values, new FitContext(), CancellationToken.None);
        return SmallWorld.Score(model, new ItemQuery { User = 7, History = rows.ItemsOf(7), AgeDays = rows.AgesOf(7) });
    }

    private sealed class Recorder : IProgress<double>
    {
        public List<double> Shares { get; } = [];

        public void Report(double value) => Shares.Add(value);
    }
}
