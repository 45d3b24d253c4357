using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Learning.Tests;

/// <summary>What every row scorer must do, whatever it is inside: the sibling of
/// <see cref="ItemScorerConformance"/>.</summary>
public abstract class RowScorerConformance
{
    /// <summary>Name of the kind under test.</summary>
    protected abstract string KindName { get; }

    /// <summary>How far the mean probability may lie off where negatives were dropped.</summary>
    protected virtual double RateTolerance => 0.04;

    private static readonly Dictionary<string, double> NoParameters = new(StringComparer.Ordinal);

    private RowModelKind Kind => ModelCatalogue.Default.FindRows(KindName);

    [Fact]
    public void Fit_WithOneAndTwoThreads_GivesTheSameBytes()
    {
        LabelledRows rows = SmallRows.Make(seed: 1);

        Assert.Equal(SmallWorld.Save(Fit(rows, threadCount: 1)), SmallWorld.Save(Fit(rows, threadCount: 2)));
    }

    [Fact]
    public void Fit_LearnsWhatTellsTheClassesApart()
    {
        LabelledRows rows = SmallRows.Make(seed: 2, count: 2000);
        IRowScorer model = Fit(rows);
        LabelledRows later = SmallRows.Make(seed: 3, count: 2000);

        var scores = RowScores.Of(model, later);

        Assert.InRange(RowEvaluation.Measure(scores, "roc_auc"), 0.75, 1);
        Assert.InRange(RowEvaluation.Measure(scores, "normalised_entropy"), 0, 0.9);
    }

    [Fact]
    public void Load_OfWhatWasSaved_ScoresTheSame()
    {
        LabelledRows rows = SmallRows.Make(seed: 4);
        IRowScorer model = Fit(rows);

        IRowScorer loaded = Kind.Load(new MemoryStream(SmallWorld.Save(model)));

        Assert.Equal(KindName, loaded.Kind);
        Assert.Equal(rows.DenseCount, loaded.DenseCount);
        Assert.Equal(rows.SparseCount, loaded.SparseCount);
        Assert.Equal(SmallWorld.Save(model), SmallWorld.Save(loaded));
        Assert.Equal(SmallRows.Score(model, rows), SmallRows.Score(loaded, rows));
    }

    [Fact]
    public void Fit_OfRowsWithNegativesDropped_GivesScoresOfAllRowsThatAreKept()
    {
        LabelledRows rows = SmallRows.Make(seed: 12, count: 2000);
        var dropped = TrainingRows.Made(
            rows, rows.Take([.. Enumerable.Range(0, rows.Count).Where(row => rows.Labels[row] > 0 || row % 3 == 0)]));

        IRowScorer model = Kind.Fit(dropped, NoParameters, new FitContext { Seed = 11 }, CancellationToken.None);
        IRowScorer loaded = Kind.Load(new MemoryStream(SmallWorld.Save(model)));

        AdjustedScorer adjusted = Assert.IsType<AdjustedScorer>(model);
        Assert.Equal(KindName, model.Kind);
        float[] scores = SmallRows.Score(model, rows);
        Assert.Equal(
            SmallRows.Score(adjusted.Inner, rows).Select(score => score + (float)dropped.LogOddsShift), scores);
        Assert.Equal(scores, SmallRows.Score(loaded, rows));
        Assert.Equal(SmallWorld.Save(model), SmallWorld.Save(loaded));

        // Standard error of the rate of 2,000 rows: 0.011; the model is fitted on fewer.
        Assert.Equal(
            rows.Labels.Average(), scores.Average(static score => 1 / (1 + MathF.Exp(-score))), RateTolerance);
        byte[] bytes = SmallWorld.Save(model);
        Assert.Equal(
            "LRN012", Assert.Throws<TandemException>(() => Kind.Load(new MemoryStream(bytes[..^1]))).Fault.Code);
    }

    [Fact]
    public void Fit_ByTheFocalLoss_GivesProbabilitiesOrIsRefused()
    {
        LabelledRows rows = SmallRows.Make(seed: 13, count: 2000);
        var focused = TrainingRows.Focused(rows, gamma: 2);
        if (!Kind.TakesFocalLoss)
        {
            Assert.Equal("LRN050", Assert.Throws<TandemException>(Focus).Fault.Code);
            return;
        }

        IRowScorer model = Focus();

        float[] scores = SmallRows.Score(model, rows);
        Assert.NotEqual(SmallRows.Score(Fit(rows), rows), scores);
        Assert.Equal(scores, SmallRows.Score(Kind.Load(new MemoryStream(SmallWorld.Save(model))), rows));
        Assert.Equal(rows.Labels.Average(), scores.Average(static score => 1 / (1 + MathF.Exp(-score))), RateTolerance);

        IRowScorer Focus() => Kind.Fit(focused, NoParameters, new FitContext { Seed = 11 }, CancellationToken.None);
    }

    [Fact]
    public void Load_OfAnyDamagedByte_IsACodedFault()
    {
        byte[] bytes = SmallWorld.Save(Fit(SmallRows.Make(seed: 5, count: 40)));

        for (int at = 0; at < bytes.Length; at++)
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x10;

            TandemException fault = Assert.Throws<TandemException>(() => Kind.Load(new MemoryStream(damaged)));

            Assert.StartsWith("LRN01", fault.Fault.Code, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Fit_OfLabelsThatTheKindDoesNotLearn_IsACodedFault()
    {
        LabelledRows rows = SmallRows.Make(seed: 8, count: 40);
        foreach (RowTargetKind other in Enum.GetValues<RowTargetKind>().Except(Kind.Targets))
        {
            RowTarget target = new(other) { Classes = 1, Quantiles = [0.5] };

            TandemException fault = Assert.Throws<TandemException>(() => Fit(rows with { Target = target }));

            Assert.Equal("LRN018", fault.Fault.Code);
        }
    }

    [Fact]
    public void ScoreRows_OfAPart_EqualsTheWhole()
    {
        LabelledRows rows = SmallRows.Make(seed: 6);
        IRowScorer model = Fit(rows);
        float[] all = SmallRows.Score(model, rows);
        float[] part = new float[7];
        FeatureRows some = new()
        {
            Count = part.Length,
            Dense = rows.Dense.AsSpan(10 * rows.DenseCount, part.Length * rows.DenseCount),
            Starts = rows.Starts.AsSpan(10, part.Length + 1),
            Columns = rows.Columns,
            Values = rows.Values,
        };

        model.ScoreRows(in some, part);

        Assert.Equal(all[10..17], part);
        Assert.True(all.Distinct().Count() > 1);
        Assert.DoesNotContain(all, static score => !float.IsFinite(score));
    }

    [Fact]
    public void ScoreRows_AfterTheFirstCall_AllocatesNothing()
    {
        LabelledRows rows = SmallRows.Make(seed: 7);
        IRowScorer model = Fit(rows);
        float[] scores = SmallRows.Score(model, rows);

        long allocated = Allocations.Least(() => model.ScoreRows(rows.Features, scores));

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Parameters_AtTheirDefaults_AreWithinTheirRange()
    {
        Assert.All(Kind.Parameters, parameter =>
        {
            Assert.InRange(parameter.Default, parameter.Minimum, parameter.Maximum);
            Assert.False(parameter.IsWhole && parameter.Default != Math.Floor(parameter.Default));
            Assert.Matches("^[a-z][a-z_]*$", parameter.Name);
        });
    }

    [Fact]
    public void Fit_OfRowsThatTeachNothing_IsACodedFault()
    {
        LabelledRows rows = SmallRows.Make(seed: 8, count: 10);
        LabelledRows none = rows.Take([]);
        LabelledRows negatives = rows with { Labels = new float[rows.Count] };

        Assert.Equal("LRN005", Assert.Throws<TandemException>(() => Fit(none)).Fault.Code);
        Assert.Equal("LRN015", Assert.Throws<TandemException>(() => Fit(negatives)).Fault.Code);
    }

    [Fact]
    public void Fit_WithRowsThatDoNotFit_IsRefused()
    {
        LabelledRows rows = SmallRows.Make(seed: 9, count: 10);
        LabelledRows[] wrong =
        [
            rows with { Dense = rows.Dense[1..] },
            rows with { Starts = rows.Starts[1..] },
            rows with { SparseCount = 1 },
            rows with { Weights = [1] },
            rows with { Fields = [0, 1] },
            rows with { Categories = [0, 0, -1] },
            rows with { Labels = [.. rows.Labels.Select(static _ => 2f)] },
        ];

        Assert.All(wrong, bad => Assert.Throws<ArgumentException>(() => Fit(bad)));
        if (Kind.TakesMissing)
        {
            LabelledRows infinite = rows with { Dense = [.. rows.Dense.Select(static _ => float.PositiveInfinity)] };
            Assert.Equal("LRN047", Assert.Throws<TandemException>(() => Fit(infinite)).Fault.Code);
        }
        else
        {
            Assert.Throws<ArgumentException>(() => Fit(
                rows with { Dense = [.. rows.Dense.Select(static _ => float.NaN)] }));
        }
    }

    [Fact]
    public void Fit_WhenStopped_Stops()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => Kind.Fit(
            SmallRows.Make(seed: 10), NoParameters, new FitContext(), stop.Token));
    }

    internal IRowScorer Fit(LabelledRows rows, int threadCount = 1, params (string Name, double Value)[] values) =>
        Kind.Fit(
            rows, values.ToDictionary(static pair => pair.Name, static pair => pair.Value, StringComparer.Ordinal),
            new FitContext { Seed = 11, ThreadCount = threadCount }, CancellationToken.None);
}
