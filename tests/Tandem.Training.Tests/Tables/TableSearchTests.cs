using Tandem.Features;
using Tandem.Learning;
using Tandem.Learning.Imbalance;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Testing;
using Tandem.Training.Tables;

namespace Tandem.Training.Tests.Tables;

/// <summary>Settings searched on rows to learn from, in each division by itself.</summary>
public sealed class TableSearchTests
{
    // So strong that every weight is nearly nothing, and so weak that it hardly matters.
    private const double Strong = 1000;
    private const double Weak = 1e-4;

    private static readonly TableEvaluationOptions Plain = new() { Imbalance = [ImbalanceChoice.None] };

    [Theory]
    [InlineData("random", 2)]
    [InlineData("time", 1)]
    [InlineData("groups", 2)]
    public async Task RunAsync_OfRangesWithAKnownBest_FindsItInEachDivision(string by, int divisions)
    {
        EvaluationResult result = await TableEvaluation.RunAsync(Table(1200), Spec(by), ModelCatalogue.Default, Plain);

        Assert.Equal(["constant", "searched"], result.Models.Select(static model => model.Name), StringComparer.Ordinal);
        Assert.InRange(
            result.Models[1].Metrics["log_loss"], 0.1, result.Models[0].Metrics["log_loss"] - 0.15);
        Assert.Equal(divisions, result.Searches!.Count);
        Assert.All(result.Searches, static search =>
        {
            Assert.Equal(("log_loss", true, true), (search.Metric, search.LowerIsBetter, search.IsComplete));
            SearchTrial[] last = [.. search.Trials.Where(trial => trial.Round == search.Rounds)];
            SearchTrial picked = last.Single(trial => trial.Name == search.Picked);
            Assert.Equal(Weak, picked.Parameters["regularisation"]);
            Assert.Equal(last.Min(static trial => trial.Value), picked.Value);
            Assert.Contains(search.Trials, static trial => trial.Parameters["regularisation"] == Strong && trial.Value > 0.6);
            Assert.All(search.Trials, static trial => Assert.Equal(2, trial.Interval.Count));
        });
        Assert.NotEmpty(result.Models[1].Importance!);
    }

    /// <summary>What is searched on is a table of its own: the rows that judge may say anything.</summary>
    [Theory]
    [InlineData("random")]
    [InlineData("time")]
    public async Task RunAsync_OfOtherRowsWhereItIsJudged_TriesTheSame(string by)
    {
        RowTable table = Table(1000);
        SystemSpec spec = Spec(by, share: 0.25);
        var folds = TableSplit.Of(table, spec.Training.Split, spec.Training.Seed);
        RowTable turned = table with { Values = [.. table.Values], Labels = [.. table.Labels] };
        foreach (int row in folds.Repeats[0][0].Test)
        {
            turned.Values[row * 2] = -5 * turned.Values[row * 2];
        }

        string[] first = Trials(await TableEvaluation.RunAsync(table, spec, ModelCatalogue.Default, Plain));
        string[] again = Trials(await TableEvaluation.RunAsync(
            table, spec, ModelCatalogue.Default, Plain with { ThreadCount = 1 }));
        string[] second = Trials(await TableEvaluation.RunAsync(turned, spec, ModelCatalogue.Default, Plain));

        Assert.Equal(3, first.Length);
        Assert.Equal(first, again);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task RunAsync_ByTime_TriesOnTheNewestOfTheRowsToLearnFrom()
    {
        // The newest fifth of the rows to learn from, and what judges, mean the opposite of the others.
        RowTable table = Table(1500);
        for (int row = 960; row < 1500; row++)
        {
            table.Values[row * 2] = -table.Values[row * 2];
        }

        EvaluationResult result = await TableEvaluation.RunAsync(
            table, Spec(SplitSpec.Time, share: 0.2), ModelCatalogue.Default, Plain);

        // Knowing nothing is then best: strong regularisation, where a random division would choose the weak one.
        SearchReport search = Assert.Single(result.Searches!);
        Assert.Equal("time, the last 20 %", search.Split);
        Assert.Equal(Strong, search.Trials.First(trial => trial.Name == search.Picked).Parameters["regularisation"]);
    }

    [Fact]
    public async Task RunAsync_WhereTheTimeIsOver_PicksOfWhatWasTried()
    {
        ManualClock clock = new();
        RowModelKind logistic = ModelCatalogue.Default.FindRows("logistic");
        ModelCatalogue slow = new(ModelCatalogue.Default.Kinds,
        [
            .. ModelCatalogue.Default.RowKinds.Select(kind => kind.Name != "logistic" ? kind : kind with
            {
                Fit = (rows, parameters, context, cancellationToken) =>
                {
                    clock.Advance(TimeSpan.FromMinutes(1));
                    return logistic.Fit(rows, parameters, context, cancellationToken);
                },
            }),
        ]);

        SystemSpec spec = Spec(SplitSpec.Time);
        SearchSpec minute = spec.Training.Search with { Budget = TimeSpan.FromMinutes(1) };

        EvaluationResult result = await TableEvaluation.RunAsync(
            Table(1000), spec with { Training = spec.Training with { Search = minute } }, slow, Plain with { Clock = clock });

        SearchReport search = Assert.Single(result.Searches!);
        Assert.False(search.IsComplete);
        Assert.Single(search.Trials);
        Assert.Equal(search.Trials[0].Name, search.Picked);
    }

    private static string[] Trials(EvaluationResult result) =>
    [
        .. result.Searches!.SelectMany(static search => search.Trials).Select(static trial =>
            $"{trial.Name} {trial.Round} {trial.Value:R} {string.Join(' ', trial.Interval)}"),
    ];

    private static SystemSpec Spec(string by, double? share = null) => new()
    {
        Name = "t",
        Objective = new ObjectiveSpec { Task = "binary", Label = new LabelSpec { Event = "row" } },
        Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal) { ["row"] = new() { HasTimes = false } },
        Training = new TrainingSpec
        {
            Split = new SplitSpec { By = by, Share = share, Folds = share is null && by != SplitSpec.Time ? 2 : null },
            Calibration = Calibrator.None,
            Candidates =
            [
                new ModelChoiceSpec
                {
                    Kind = "logistic",
                    Ranges = new Dictionary<string, ParameterRange>(StringComparer.Ordinal)
                    {
                        ["regularisation"] = new() { Values = [Strong, Weak] },
                    },
                },
            ],
            Search = new SearchSpec { Trials = 4, Halving = 2 },
        },
        Evaluation = new EvaluationSpec
        {
            Metrics = ["log_loss", "roc_auc"],
            Baselines = ["constant"],
            Gate = new GateSpec { Metric = "log_loss" },
            BootstrapSamples = 50,
        },
    };

    /// <summary>A number that says much and one that says nothing, in groups of four.</summary>
    private static RowTable Table(int count)
    {
        SeededRandom random = new(5);
        float[] values = new float[count * 2];
        float[] labels = new float[count];
        for (int row = 0; row < count; row++)
        {
            labels[row] = random.NextInt(2);
            values[row * 2] = (float)((2 * labels[row]) - 1 + random.NextGaussian());
            values[(row * 2) + 1] = (float)random.NextGaussian();
        }

        return new RowTable
        {
            Numbers = ["x", "noise"],
            Values = values,
            Texts = [TextColumn.Of("color", [.. Enumerable.Range(0, count).Select(static row => row % 3 == 0 ? "red" : "blue")])],
            Target = RowTarget.Binary,
            Labels = labels,
            Groups = [.. Enumerable.Range(0, count).Select(static row => row / 4)],
        };
    }
}
