using System.Text;
using System.Text.Json;
using Tandem.Faults;

namespace Tandem.Learning.Tests;

public sealed class EvaluationTests
{
    private static readonly string[] AllMetrics =
    [
        "recall@1", "recall@3", "recall@50", "ndcg@1", "ndcg@4", "ndcg@50", "hr@2", "hr@50", "mrr", "coverage@3", "novelty@3",
        "novelty@50", "popularity_lift@3", "popularity_shift@3", "popularity_shift@50",
    ];

    [Fact]
    public void Run_AgreesWithTheBruteForceTwin()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            DataSplit split = RandomSplit(seed);
            TableScorer model = new(split.Train.UserCount, split.Train.ItemCount, seed);

            ModelEvaluation found = Evaluation.Run("table", model, split, Options(threadCount: 1, samples: 0));

            foreach (string metric in AllMetrics)
            {
                double expected = BruteForce.Measure(metric, model, split);
                Assert.True(
                    Math.Abs(expected - found.Metrics[metric]) < 1e-12,
                    $"seed {seed}, {metric}: {expected} expected, {found.Metrics[metric]} found");
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_OfAFactorModel_AgreesWithAskingItUserByUser(bool holdOutValidation)
    {
        var split = DataSplit.LeaveLastOut(SmallWorld.Make(seed: 8, userCount: 90, itemCount: 150), holdOutValidation);
        Dictionary<string, double> values = new(StringComparer.Ordinal) { ["factors"] = 12, ["epochs"] = 2 };
        IItemScorer model = ModelCatalogue.Default.Find("ials").Fit(
            split.Train, values, new FitContext(), CancellationToken.None);
        EvaluationOptions options = Options(threadCount: 2, samples: 20);

        ModelEvaluation inChunks = Evaluation.Run("ials", model, split, options);
        ModelEvaluation oneByOne = Evaluation.Run("ials", new PlainScorer(model), split, options);

        Assert.Equal(Write(oneByOne), Write(inChunks));
    }

    [Fact]
    public void Run_WithOneAndTwoThreads_GivesTheSameFiguresAndIntervals()
    {
        DataSplit split = RandomSplit(seed: 3);
        TableScorer model = new(split.Train.UserCount, split.Train.ItemCount, seed: 3);

        ModelEvaluation one = Evaluation.Run("table", model, split, Options(threadCount: 1, samples: 100));
        ModelEvaluation two = Evaluation.Run("table", model, split, Options(threadCount: 2, samples: 100));

        Assert.Equal(Write(one), Write(two));
    }

    [Fact]
    public void Run_GivesIntervalsAroundTheFigures()
    {
        DataSplit split = RandomSplit(seed: 4, userCount: 300);
        TableScorer model = new(split.Train.UserCount, split.Train.ItemCount, seed: 4);

        ModelEvaluation found = Evaluation.Run("table", model, split, Options(threadCount: 2, samples: 500));

        Assert.All(AllMetrics, metric =>
        {
            double[] interval = found.Intervals[metric];
            Assert.Equal(2, interval.Length);
            Assert.InRange(found.Metrics[metric], interval[0], interval[1]);
        });
    }

    [Fact]
    public void Run_GivesTheIntervalOfTheNormalApproximation()
    {
        DataSplit split = RandomSplit(seed: 5, userCount: 2000);
        TableScorer model = new(split.Train.UserCount, split.Train.ItemCount, seed: 5);
        EvaluationOptions options = Options(threadCount: 2, samples: 1000) with { Metrics = ["recall@3"] };

        Judgement judgement = Evaluation.Judge("table", model, split, options);
        ModelEvaluation found = Evaluation.Summarise(judgement, options);

        double[] values = judgement.ValuesOf("recall@3").ToArray();
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean))) / values.Length;

        // A thousand resamples place each end within about a tenth of a standard error, twice that is allowed.
        Assert.Equal(mean - (1.96 * error), found.Intervals["recall@3"][0], 0.25 * error);
        Assert.Equal(mean + (1.96 * error), found.Intervals["recall@3"][1], 0.25 * error);
    }

    [Fact]
    public void Run_WithTies_PutsTheLowestItemFirst()
    {
        var split = DataSplit.Given(SmallWorld.From(itemCount: 5, [0], [1]), SmallWorld.From(itemCount: 5, [1], [4]));

        ModelEvaluation found = Evaluation.Run(
            "ties", new EqualScorer(5), split, Options(threadCount: 1, samples: 0) with { Metrics = ["recall@1", "mrr"] });

        // The first user's list is 1 2 3 4, the second's 0 2 3 4.
        Assert.Equal(0.5, found.Metrics["recall@1"]);
        Assert.Equal((1 + 0.25) / 2, found.Metrics["mrr"]);
    }

    [Fact]
    public void Run_JudgesOnlyUsersWithTestRows()
    {
        var split = DataSplit.Given(
            SmallWorld.From(itemCount: 5, [0], [1], [2]), SmallWorld.From(itemCount: 5, [1], [], [2]));
        EvaluationOptions options = Options(threadCount: 1, samples: 0);

        Judgement judgement = Evaluation.Judge("ties", new EqualScorer(5), split, options);

        // The third user's test item is in the history, so it is not ranked.
        Assert.Equal([0], judgement.Users);
        Assert.Equal(1, Evaluation.Describe(split, options).Users);
        Assert.Equal(1, Evaluation.Describe(split, options).TestRows);
    }

    [Fact]
    public void Run_AsksWithTheHistoryOfTheSplit()
    {
        Interactions all = SmallWorld.From(itemCount: 6, [0, 1, 2, 3], [4, 5]);
        RecordingScorer model = new(6);

        _ = Evaluation.Run(
            "recording", model, DataSplit.LeaveLastOut(all, holdOutValidation: true), Options(threadCount: 1, samples: 0));

        Assert.Equal(["0: 0 1 2, new"], model.Queries);
    }

    [Fact]
    public void Run_WhenNobodyHasTestRows_IsACodedFault()
    {
        var split = DataSplit.Given(SmallWorld.From(itemCount: 2, [0]), SmallWorld.From(itemCount: 2, [[]]));

        TandemException fault = Assert.Throws<TandemException>(
            () => Evaluation.Run("ties", new EqualScorer(2), split, new EvaluationOptions()));

        Assert.Equal("LRN008", fault.Fault.Code);
    }

    [Theory]
    [InlineData("recal@20")]
    [InlineData("recall@0")]
    [InlineData("recall@1001")]
    [InlineData("recall")]
    [InlineData("mrr@5")]
    [InlineData("recall@-1")]
    [InlineData("")]
    public void Run_WithAnUnknownMetric_IsACodedFault(string metric)
    {
        DataSplit split = RandomSplit(seed: 1);
        EvaluationOptions options = new() { Metrics = [metric] };

        TandemException fault = Assert.Throws<TandemException>(
            () => Evaluation.Run("ties", new EqualScorer(split.Test.ItemCount), split, options));

        Assert.Equal("LRN007", fault.Fault.Code);
        Assert.False(Evaluation.IsMetric(metric));
    }

    [Fact]
    public void Compare_OfAModelWithItself_IsZero()
    {
        DataSplit split = RandomSplit(seed: 6);
        TableScorer model = new(split.Train.UserCount, split.Train.ItemCount, seed: 6);
        EvaluationOptions options = Options(threadCount: 2, samples: 50);
        Judgement judgement = Evaluation.Judge("table", model, split, options);

        MetricComparison found = Evaluation.Compare(judgement, judgement, "ndcg@4", options);

        Assert.Equal((0, 0, 0), (found.Difference, found.Low, found.High));
        Assert.False(found.IsBetter);
    }

    [Fact]
    public void Compare_PairsUsers_SoThatASmallSteadyGainShows()
    {
        DataSplit split = RandomSplit(seed: 7, userCount: 400);
        EvaluationOptions options = Options(threadCount: 2, samples: 300);
        TableScorer model = new(split.Train.UserCount, split.Train.ItemCount, seed: 7);
        TableScorer better = new(split.Train.UserCount, split.Train.ItemCount, seed: 7);
        better.Favour(split.Test, 0.1f);
        Judgement champion = Evaluation.Judge("champion", model, split, options);
        Judgement challenger = Evaluation.Judge("challenger", better, split, options);

        MetricComparison found = Evaluation.Compare(champion, challenger, "ndcg@4", options);

        ModelEvaluation alone = Evaluation.Summarise(champion, options);
        Assert.True(found.IsBetter);
        Assert.InRange(found.Difference, found.Low, found.High);
        Assert.Equal(found.Challenger - found.Champion, found.Difference, 12);
        Assert.True(found.High - found.Low < alone.Intervals["ndcg@4"][1] - alone.Intervals["ndcg@4"][0]);
    }

    /// <summary>Few lists may give a model 0: what is kept of the comparison must be a file all the same.</summary>
    [Fact]
    public void Compare_WithAChampionWhoseFigureIsZero_CanBeWritten()
    {
        MetricComparison found = new("shown_auc", 0, 0.5, 0.5, 0.1, 0.9);

        Assert.Equal(found, JsonSerializer.Deserialize<MetricComparison>(JsonSerializer.SerializeToUtf8Bytes(found)));
    }

    [Fact]
    public void Run_GivesTheMeansOfSlicesOfUsers()
    {
        DataSplit split = RandomSplit(seed: 6, userCount: 50);
        TableScorer model = new(split.Train.UserCount, split.Train.ItemCount, seed: 6);
        Judgement judgement = Evaluation.Judge("table", model, split, Options(threadCount: 2, samples: 0));

        ModelEvaluation found = Evaluation.Summarise(judgement, Options(threadCount: 1, samples: 0));

        var slices = found.Slices!.ToDictionary(static slice => slice.Name, StringComparer.Ordinal);
        double[] recalls = judgement.ValuesOf("recall@3").ToArray();
        int[] lengths = [.. judgement.Users.Select(user => split.Train.ItemsOf(user).Length)];
        int[] active = [.. Enumerable.Range(0, lengths.Length).Where(index => lengths[index] > 0)
            .OrderBy(index => lengths[index]).ThenBy(static index => index)];
        int[] first = active[..(active.Length / 10)];
        Assert.Equal(first.Average(index => recalls[index]), slices["activity_1"].Metrics["recall@3"], 1e-12);
        Assert.Equal(first.Length, slices["activity_1"].Users);
        Assert.Equal(active.Length, slices.Where(static slice => slice.Key.StartsWith('a')).Sum(static slice => slice.Value.Users));
        Assert.Equal(lengths.Length - active.Length, slices.TryGetValue("new_users", out SliceEvaluation? strangers) ? strangers.Users : 0);
        int[] withNew = [.. Enumerable.Range(0, lengths.Length).Where(index => split.Test.ItemsOf(judgement.Users[index]).ToArray()
            .Any(item => !split.Train.Items.Contains(item)))];
        Assert.Equal(withNew.Length, slices.TryGetValue("new_items", out SliceEvaluation? fresh) ? fresh.Users : 0);
        Assert.False(slices["activity_1"].Metrics.ContainsKey("coverage@3"));
    }

    [Fact]
    public void CompareWithBest_TakesTheBestLessEachOther()
    {
        DataSplit split = RandomSplit(seed: 7, userCount: 80);
        EvaluationOptions options = Options(threadCount: 2, samples: 200);
        Judgement[] judgements = [.. new ulong[] { 1, 2, 3 }.Select(seed => Evaluation.Judge(
            $"table {seed}", new TableScorer(split.Train.UserCount, split.Train.ItemCount, seed), split, options))];
        Judgement best = judgements.MaxBy(static each => each.ValuesOf("ndcg@4").ToArray().Average())!;

        IReadOnlyList<ModelDifference> found = Evaluation.CompareWithBest(judgements, "ndcg@4", options);

        Assert.Equal(2, found.Count);
        Assert.All(found, difference =>
        {
            MetricComparison expected = Evaluation.Compare(
                judgements.Single(each => each.Name == difference.Other), best, "ndcg@4", options);
            Assert.Equal(best.Name, difference.Best);
            Assert.Equal((expected.Difference, expected.Low, expected.High), (difference.Difference, difference.Low, difference.High));
            Assert.True(difference.Difference >= 0);
        });
        Assert.Empty(Evaluation.CompareWithBest(judgements, "ndcg@4", options with { BootstrapSamples = 0 }));
    }

    /// <summary>A right item among m drawn ones is first with chance (1 − r)^m where a share r of all items is better: here
    /// the mean over all ranks, 1 / (m + 1).</summary>
    [Fact]
    public void Judge_OfSampledItems_RanksAmongThatMany()
    {
        const int Items = 400;
        const int Sampled = 9;
        int[][] nothing = [.. Enumerable.Repeat((int[])[], 3000)];
        int[][] tests = [.. Enumerable.Range(0, 3000).Select(static user => (int[])[user % Items])];
        var split = DataSplit.Given(SmallWorld.From(Items, nothing), SmallWorld.From(Items, tests));
        TableScorer model = new(3000, Items, seed: 9);
        EvaluationOptions options = new() { Metrics = ["hr@1", "hr@10", "hr@5"], BootstrapSamples = 0, SampledItems = Sampled };

        ModelEvaluation found = Evaluation.Run("table", model, split, options);
        ModelEvaluation again = Evaluation.Run("table", model, split, options with { ThreadCount = 1 });

        // Four standard deviations of a share of 3000.
        Assert.Equal(0.1, found.Metrics["hr@1"], 0.022);
        Assert.Equal(0.5, found.Metrics["hr@5"], 0.037);
        Assert.Equal(1, found.Metrics["hr@10"]);
        Assert.Equal(Write(again), Write(found));
        Assert.Contains("9 drawn", Evaluation.Describe(split, options).Candidates, StringComparison.Ordinal);
    }

    [Fact]
    public void EvaluationJson_HasTheDocumentedShape()
    {
        EvaluationResult result = new(
            new EvaluationProtocol("retrieval", "files", "all items", "lowest item id first", 42, 2, 5, 7, 3, "none"),
            [
                new ModelEvaluation(
                    "popular",
                    new Dictionary<string, double>(StringComparer.Ordinal) { ["recall@20"] = 0.0416 },
                    new Dictionary<string, double[]>(StringComparer.Ordinal) { ["recall@20"] = [0.0404, 0.0428] },
                    1.5),
            ]);

        string json = Encoding.UTF8.GetString(EvaluationJson.Write(result));

        Assert.Equal(
            """
            {"protocol":{"task":"retrieval","split":"files","candidates":"all items","ties":"lowest item id first","seed":42,"users":2,"items":5,"train_rows":7,"test_rows":3,"interval":"none"},"models":[{"name":"popular","metrics":{"recall@20":0.0416},"intervals":{"recall@20":[0.0404,0.0428]},"seconds":1.5}]}
            """,
            json);
        Assert.Equal(json, Encoding.UTF8.GetString(EvaluationJson.Write(EvaluationJson.Read(Encoding.UTF8.GetBytes(json)))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"protocol\":1}")]
    public void EvaluationJson_ReadOfSomethingElse_IsACodedFault(string json)
    {
        TandemException fault = Assert.Throws<TandemException>(() => EvaluationJson.Read(Encoding.UTF8.GetBytes(json)));

        Assert.Equal("LRN014", fault.Fault.Code);
    }

    private static EvaluationOptions Options(int threadCount, int samples) =>
        new() { Metrics = AllMetrics, ThreadCount = threadCount, BootstrapSamples = samples };

    private static DataSplit RandomSplit(ulong seed, int userCount = 40) => DataSplit.Given(
        SmallWorld.Make(seed, userCount, itemCount: 30), SmallWorld.Make(seed + 1000, userCount, itemCount: 30));

    private static string Write(ModelEvaluation evaluation)
    {
        EvaluationProtocol protocol = new("", "", "", "", 0, 0, 0, 0, 0, "");
        return Encoding.UTF8.GetString(EvaluationJson.Write(new EvaluationResult(protocol, [evaluation with { Seconds = 0 }])));
    }
}
