using Tandem.Faults;
using Tandem.Learning.Calibration;
using Tandem.Learning.Tests.Rows;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Learning.Tests.Calibration;

public sealed class CalibratorTests
{
    public static TheoryData<string> Maps => ["platt", "isotonic", "temperature", "beta"];

    [SharedDataFact]
    public void Fit_OfThePublishedProbabilities_EqualsScikitLearn()
    {
        (double[] x, bool[] isPositive, double[] weights) = Published();

        (double slope, double offset) = LogisticMaps.FitPlatt(x, isPositive, weights);
        (double[] knots, double[] values) = Isotonic.Fit(x, isPositive, weights);

        // Theirs stops 1.3e-7 before the least point, which Newton's method in double precision puts here.
        Assert.Equal(-5.962186068264713, -slope, 1e-7);
        Assert.Equal(3.5272351329153695, -offset, 1e-7);
        Assert.Equal(-5.962186198193652, -slope, 2e-7);
        Assert.Equal(3.527235253847215, -offset, 2e-7);
        double[] at = [0.1, 0.3, 0.6];
        double[] platt = [0.050641426012800334, 0.14949346775040348, 0.512516500790498];
        double[] isotonic = [0, 0.13513513513513514, 0.4747558890686489];
        for (int i = 0; i < at.Length; i++)
        {
            Assert.Equal(platt[i], LogOdds.ToProbability((slope * at[i]) + offset), 1e-7);
            Assert.Equal(isotonic[i], Between(knots, values, at[i]), 1e-12);
        }

        double brier = x.Select((p, row) => Math.Pow(Between(knots, values, p) - (isPositive[row] ? 1 : 0), 2)).Average();
        Assert.Equal(0.11235662035662036, brier, 1e-12);
    }

    [Fact]
    public void Isotonic_OfAnyRows_IsNearerThanAnyOtherRisingLine()
    {
        for (ulong seed = 0; seed < 30; seed++)
        {
            SeededRandom random = new(seed);
            double[] x = [.. Enumerable.Range(0, 25).Select(_ => (double)random.NextInt(12))];
            bool[] isPositive = [.. x.Select(value => random.NextInt(12) < value)];
            double[] weights = [.. x.Select(_ => 1.0 + random.NextInt(3))];

            (double[] knots, double[] values) = Isotonic.Fit(x, isPositive, weights);

            // Min-max formula: the highest of all lows of means over stretches that begin before and end after.
            double Mean(double from, double to)
            {
                int[] rows = [.. Enumerable.Range(0, x.Length).Where(row => x[row] >= from && x[row] <= to)];
                return rows.Sum(row => isPositive[row] ? weights[row] : 0) / rows.Sum(row => weights[row]);
            }

            foreach (double at in x.Distinct())
            {
                double expected = x.Where(from => from <= at).Max(from => x.Where(to => to >= at).Min(to => Mean(from, to)));
                Assert.True(Math.Abs(expected - Between(knots, values, at)) < 1e-9, $"seed {seed}, at {at}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Maps))]
    public void Choose_OfAMethod_NeverTurnsScoresRoundAndStaysFinite(string method)
    {
        RowScores scores = Overconfident(seed: 5, count: 800);

        CalibrationMap map = Calibrator.Choose(scores, method, seed: 1).Map!;

        double last = double.NegativeInfinity;
        for (double score = -200; score <= 200; score += 0.25)
        {
            double mapped = map.Map(score);
            Assert.True(double.IsFinite(mapped) && mapped >= last - 1e-12, $"{score}");
            last = mapped;
        }

        RowScores fresh = Overconfident(seed: 6, count: 4000);
        Assert.True(
            RowEvaluation.Measure(Calibrator.Apply(map, fresh), "ece") < 0.5 * RowEvaluation.Measure(fresh, "ece"));
    }

    [Theory]
    [MemberData(nameof(Maps))]
    public void Load_OfACalibratedModel_ScoresTheSameAndAllocatesNothing(string method)
    {
        LabelledRows rows = SmallRows.Make(seed: 12, count: 1000);
        RowModelKind kind = ModelCatalogue.Default.FindRows("logistic");
        IRowScorer plain = kind.Fit(
            rows, new Dictionary<string, double>(StringComparer.Ordinal), new FitContext { ThreadCount = 1 },
            CancellationToken.None);
        CalibrationMap map = Calibrator.Choose(RowScores.Of(plain, rows), method, seed: 1).Map!;

        IRowScorer model = AdjustedScorer.Calibrate(plain, map);
        byte[] bytes = SmallWorld.Save(model);
        IRowScorer loaded = kind.Load(new MemoryStream(bytes));

        float[] scores = SmallRows.Score(loaded, rows);
        Assert.Equal(SmallRows.Score(model, rows), scores);
        Assert.NotEqual(SmallRows.Score(plain, rows), scores);
        Assert.Equal(bytes, SmallWorld.Save(loaded));
        Assert.Same(plain, AdjustedScorer.Calibrate(model, null));
        Assert.Equal(0, Allocations.Least(() => loaded.ScoreRows(rows.Features, scores)));
        for (int at = 0; at < bytes.Length; at += 3)
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x10;
            Assert.Throws<TandemException>(() => kind.Load(new MemoryStream(damaged)));
        }
    }

    [Fact]
    public void Choose_Auto_TakesAMapOnlyWhereItHelps()
    {
        CalibrationReport needed = Calibrator.Choose(Overconfident(seed: 7, count: 3000), "auto", seed: 1);
        RowScores honest = Overconfident(seed: 8, count: 3000);
        honest = honest with { Values = Array.ConvertAll(honest.Values, static score => score / 3) };
        CalibrationReport notNeeded = Calibrator.Choose(honest, "auto", seed: 1);

        Assert.NotNull(needed.Map);
        Assert.True(needed.ErrorAfter < needed.ErrorBefore && needed.LogLossAfter < needed.LogLossBefore);
        Assert.InRange(needed.ErrorAfter!.Value, 0, 0.06);
        Assert.Contains("helps", needed.Reason, StringComparison.Ordinal);
        Assert.True(notNeeded.Map is null || notNeeded.LogLossBefore - notNeeded.LogLossAfter < 0.005);
        CalibrationReport again = Calibrator.Choose(Overconfident(seed: 7, count: 3000), "auto", seed: 1);
        Assert.Equal(needed with { Map = null }, again with { Map = null });
    }

    [Fact]
    public void Choose_OfRowsThatSayNothing_SaysWhy()
    {
        RowScores oneClass = new() { Values = [1, 2], Labels = [1, 1] };
        RowScores perfect = new() { Values = [1, 2], Labels = [0, 1] };
        RowScores numbers = new() { Target = new RowTarget(RowTargetKind.Number), Values = [1], Labels = [1] };
        RowScores reversed = new() { Values = [3, 2, 1, 0], Labels = [0, 0, 1, 1] };

        Assert.Contains("one class", Calibrator.Choose(oneClass, "auto", 1).Reason, StringComparison.Ordinal);
        Assert.Contains("every positive", Calibrator.Choose(perfect, "auto", 1).Reason, StringComparison.Ordinal);
        Assert.Contains("no probabilities", Calibrator.Choose(numbers, "auto", 1).Reason, StringComparison.Ordinal);
        Assert.Contains("round", Calibrator.Choose(reversed, "platt", 1).Reason, StringComparison.Ordinal);
        Assert.Equal("LRN070", Assert.Throws<TandemException>(
            () => Calibrator.Choose(numbers, "platt", 1)).Fault.Code);
    }

    [Fact]
    public void Choose_OfClasses_CoolsTheirLogits()
    {
        SeededRandom random = new(9);
        float[] values = new float[3 * 3000];
        float[] labels = new float[3000];
        for (int row = 0; row < labels.Length; row++)
        {
            double[] logits = [random.NextGaussian(), random.NextGaussian(), random.NextGaussian()];
            double draw = random.NextDouble() * logits.Sum(Math.Exp);
            int label = 0;
            for (draw -= Math.Exp(logits[0]); draw > 0 && label < 2; draw -= Math.Exp(logits[label]))
            {
                label++;
            }

            labels[row] = label;
            for (int i = 0; i < 3; i++)
            {
                values[(3 * row) + i] = (float)(4 * logits[i]);
            }
        }

        CalibrationReport found = Calibrator.Choose(
            new RowScores { Target = new RowTarget(RowTargetKind.Multiclass) { Classes = 3 }, Values = values, Labels = labels },
            "auto", 1);

        // Made four times too hot; a slope of a quarter within three standard errors of 3000 rows.
        Assert.InRange(found.Map!.Above, 0.22, 0.28);
    }

    [Fact]
    public void OutOfFold_ScoresEachRowByAModelThatDidNotSeeIt()
    {
        LabelledRows rows = SmallRows.Make(seed: 13, count: 60);
        List<int> fitted = [];

        RowScores scores = Calibrator.OutOfFold(
            rows, RowFolds.Stratified(RowFolds.ClassesOf(rows.Target, rows.Labels), 3, 1), train =>
            {
                fitted.Add(train.Count);
                return ModelCatalogue.Default.FindRows("logistic").Fit(
                    train, new Dictionary<string, double>(StringComparer.Ordinal), new FitContext { ThreadCount = 1 },
                    CancellationToken.None);
            });

        Assert.Equal([40, 40, 40], fitted);
        Assert.Equal(rows.Labels, scores.Labels);
        Assert.DoesNotContain(0f, scores.Values);
    }

    /// <summary>Scores three times as far from even as they should be.</summary>
    private static RowScores Overconfident(ulong seed, int count)
    {
        SeededRandom random = new(seed);
        float[] values = new float[count];
        float[] labels = new float[count];
        for (int row = 0; row < count; row++)
        {
            double logOdds = (1.2 * random.NextGaussian()) - 0.2;
            values[row] = (float)(3 * logOdds);
            labels[row] = random.NextDouble() < LogOdds.ToProbability(logOdds) ? 1 : 0;
        }

        return new RowScores { Values = values, Labels = labels };
    }

    private static (double[] X, bool[] IsPositive, double[] Weights) Published()
    {
        RowScores scores = RowMetricsTests.Published();
        return (
            [.. RowMetricsTests.PublishedProbabilities()], Array.ConvertAll(scores.Labels, static label => label > 0),
            [.. Enumerable.Repeat(1d, scores.Count)]);
    }

    private static double Between(double[] knots, double[] values, double at)
    {
        int above = Array.FindIndex(knots, knot => knot >= at);
        return above <= 0
            ? values[above < 0 ? values.Length - 1 : 0]
            : values[above - 1] + ((values[above] - values[above - 1]) * (at - knots[above - 1]) / (knots[above] - knots[above - 1]));
    }
}
