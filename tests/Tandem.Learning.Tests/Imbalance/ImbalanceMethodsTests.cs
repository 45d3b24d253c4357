using Tandem.Faults;
using Tandem.Learning.Imbalance;

namespace Tandem.Learning.Tests.Imbalance;

/// <summary>What every method must do, whatever it is inside.</summary>
public sealed class ImbalanceMethodsTests
{
    public static TheoryData<string> Names { get; } = [.. ImbalanceMethods.All.Select(static each => each.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_WithOneAndTwoThreads_GivesTheSameRows(string method)
    {
        LabelledRows rows = RareRows.Make(seed: 1);

        LabelledRows one = RareRows.Apply(rows, method, threadCount: 1, seed: 3).Rows;
        LabelledRows two = RareRows.Apply(rows, method, threadCount: 2, seed: 3).Rows;

        Assert.Equal(one.Dense, two.Dense);
        Assert.Equal(one.Columns, two.Columns);
        Assert.Equal(one.Labels, two.Labels);
        Assert.Equal(one.Weights, two.Weights);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_LeavesTheRowsAloneAndShiftsBackWhatItChanged(string method)
    {
        LabelledRows rows = RareRows.Make(seed: 2, hasCategories: true);
        float[] dense = [.. rows.Dense];
        float[] labels = [.. rows.Labels];

        TrainingRows made = RareRows.Apply(rows, method, threadCount: 2, seed: 3);

        made.Rows.ThrowUnlessSound();
        Assert.Equal(dense, rows.Dense);
        Assert.Equal(labels, rows.Labels);
        Assert.Equal(labels.Average(), made.PositiveRateBefore, 1e-6);
        double odds = made.PositiveRate / (1 - made.PositiveRate) * Math.Exp(made.LogOddsShift);
        Assert.Equal(made.PositiveRateBefore, odds / (1 + odds), 1e-6);
        Assert.Equal(method is "none" or "focal" or "hard_negatives", made.LogOddsShift == 0);
    }

    // Two rows that differ in nothing but their place carry their number in a column that says nothing.
    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_OfATrainingFold_TakesNoRowOfAnother(string method)
    {
        const ulong Seed = 5;
        LabelledRows rows = RareRows.Make(Seed);
        for (int row = 0; row < rows.Count; row++)
        {
            rows.Dense[(row * SmallRows.Dense) + 1] = row % 4 == 0 ? 1 : 0;
        }

        LabelledRows fold = rows.Take([.. Enumerable.Range(0, rows.Count).Where(static row => row % 4 != 0)]);

        LabelledRows made = RareRows.Apply(fold, method, threadCount: 1, Seed).Rows;

        Assert.All(
            Enumerable.Range(0, made.Count),
            row => Assert.True(made.Dense[(row * SmallRows.Dense) + 1] == 0, $"seed {Seed}, row {row}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_WithAnotherSetting_GivesOtherRowsOrAnotherLoss(string method)
    {
        LabelledRows rows = RareRows.Make(seed: 6);
        TrainingRows usual = RareRows.Apply(rows, method, threadCount: 1, seed: 3);
        foreach (ModelParameter parameter in ImbalanceMethods.Find(method).Parameters)
        {
            double other = parameter.Name switch
            {
                "rate" => 0.3,
                "kept" => 0.7,
                "positive" => 20,
                "gamma" => 1,
                "hard" => 0.1,
                "variant" => 2,
                "danger_neighbours" => 3,
                _ => parameter.Default + 2,
            };

            TrainingRows made = RareRows.Apply(rows, method, threadCount: 1, seed: 3, (parameter.Name, other));

            Assert.False(
                usual.FocalGamma == made.FocalGamma && usual.Rows.Dense.SequenceEqual(made.Rows.Dense)
                && usual.Rows.Weights.SequenceEqual(made.Rows.Weights),
                $"'{parameter.Name}' of '{method}' changes nothing");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_AtTheirDefaults_AreWithinTheirRange(string method) =>
        Assert.All(ImbalanceMethods.Find(method).Parameters, static parameter =>
        {
            Assert.InRange(parameter.Default, parameter.Minimum, parameter.Maximum);
            Assert.Matches("^[a-z][a-z_]*$", parameter.Name);
        });

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_OfOneClass_IsACodedFault(string method)
    {
        LabelledRows rows = RareRows.Make(seed: 7, count: 50);
        ImbalanceChoice choice = new(method, RareRows.Named());
        RowModelKind kind = ModelCatalogue.Default.FindRows("logistic");

        TandemException fault = Assert.Throws<TandemException>(() => choice.Fit(
            kind, rows with { Labels = new float[rows.Count] }, RareRows.Named(), new FitContext()));

        Assert.Equal("LRN015", fault.Fault.Code);
    }

    [Theory]
    [InlineData("rate", 0.25)]
    [InlineData("rate", 0.8)]
    public void Rate_IsReached(string name, double rate)
    {
        LabelledRows rows = RareRows.Make(seed: 8, count: 2000);
        foreach (string method in (string[])["down_sample", "up_sample", "smote", "borderline_smote"])
        {
            TrainingRows made = RareRows.Apply(rows, method, 1, seed: 3, (name, rate));

            Assert.Equal(rate, made.PositiveRate, 2e-3);
        }

        Assert.Equal(rate, RareRows.Apply(rows, "adasyn", 1, seed: 3, (name, rate)).PositiveRate, 0.02);
        Assert.Same(rows, RareRows.Apply(rows, "smote", 1, seed: 3, (name, 0.01)).Rows);
    }

    [Fact]
    public void DownSample_KeepsAShareOfTheNegativesEvenly()
    {
        LabelledRows rows = RareRows.Make(seed: 9, count: 4000);
        int[] times = new int[rows.Count];
        for (int row = 0; row < rows.Count; row++)
        {
            rows.Dense[row * SmallRows.Dense] = row;
        }

        for (ulong seed = 0; seed < 40; seed++)
        {
            TrainingRows made = RareRows.Apply(rows, "down_sample", 1, seed, ("kept", 0.25));
            Assert.Equal(0.25, made.NegativesKept, 1e-3);
            for (int row = 0; row < made.Count; row++)
            {
                times[(int)made.Rows.Dense[row * SmallRows.Dense]]++;
            }
        }

        // 40 draws of one in four: 10 ± 2.7, and over a thousand negatives far less.
        int[] negatives = [.. Enumerable.Range(0, rows.Count).Where(row => rows.Labels[row] == 0)];
        Assert.All(Enumerable.Range(0, rows.Count).Except(negatives), row => Assert.Equal(40, times[row]));
        Assert.All(negatives, row => Assert.InRange(times[row], 0, 26));
        Assert.Equal(10, negatives.Take(1000).Average(row => times[row]), 0.3);
    }

    [Fact]
    public void ClassWeight_BalancedAndGiven_WeighsAsSaid()
    {
        LabelledRows rows = RareRows.From([[0], [1], [2], [3], [4]], 1, 0, 0, 0, 0) with { Weights = [2, 1, 1, 3, 1] };

        TrainingRows balanced = RareRows.Apply(rows, "class_weight", 1, 1);
        TrainingRows given = RareRows.Apply(rows, "class_weight", 1, 1, ("positive", 5));

        Assert.Equal([4f, 4 / 6f, 4 / 6f, 2, 4 / 6f], balanced.Rows.Weights);
        Assert.Equal(0.5, balanced.PositiveRate, 1e-6);
        Assert.Equal(Math.Log(2.0 / 6), balanced.LogOddsShift, 1e-6);
        Assert.Equal([10f, 1, 1, 3, 1], given.Rows.Weights);
        Assert.Equal(-Math.Log(5), given.LogOddsShift, 1e-6);
    }

    [Fact]
    public void HardNegatives_KeepsTheHighestScoredAndLetsOthersStandForTheRest()
    {
        LabelledRows rows = RareRows.Make(seed: 10, count: 2000);
        int negatives = rows.Labels.Count(static label => label == 0);

        TrainingRows made = RareRows.Apply(rows, "hard_negatives", 1, seed: 3, ("kept", 0.2), ("hard", 0.25));

        LabelledRows left = made.Rows;
        int[] kept = [.. Enumerable.Range(0, left.Count).Where(row => left.Labels[row] == 0)];
        int[] hard = [.. kept.Where(row => left.Weights[row] == 1)];
        Assert.Equal(Math.Round(0.2 * negatives), kept.Length);
        Assert.Equal(Math.Round(0.25 * kept.Length), hard.Length);
        Assert.Equal(negatives, kept.Sum(row => (double)left.Weights[row]), 0.01);
        Assert.Equal(0, made.LogOddsShift);

        // Positives lie where the first column is high; so do hard negatives.
        Assert.True(hard.Average(row => left.Dense[row * 3]) > kept.Except(hard).Average(row => left.Dense[row * 3]) + 1);
    }

    [Fact]
    public void Find_OfAnUnknownName_NamesTheNearest()
    {
        TandemException fault = Assert.Throws<TandemException>(() => ImbalanceMethods.Find("smot"));

        Assert.Equal("LRN056", fault.Fault.Code);
        Assert.Equal("smote", fault.Fault.Nearest);
    }

    [Fact]
    public void Fit_WithUnknownSettings_IsACodedFault()
    {
        ImbalanceChoice choice = new("smote", RareRows.Named(("gamma", 1)));

        Assert.Equal("LRN002", Assert.Throws<TandemException>(() => choice.Fit(
            ModelCatalogue.Default.FindRows("logistic"), RareRows.Make(seed: 1), RareRows.Named(),
            new FitContext())).Fault.Code);
    }
}
