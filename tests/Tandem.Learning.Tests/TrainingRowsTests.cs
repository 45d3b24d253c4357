using System.Reflection;

namespace Tandem.Learning.Tests;

public sealed class TrainingRowsTests
{
    private static readonly LabelledRows Rows = SmallRows.Make(seed: 1, count: 200);

    [Fact]
    public void Public_NothingLeadsFromTrainingRowsBackToLabelledRows()
    {
        MemberInfo[] ways =
        [
            .. typeof(TrainingRows).Assembly.GetExportedTypes()
                .SelectMany(static type => type.GetMethods(
                    BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .Where(static method => Holds(method.ReturnType)
                    && (method.DeclaringType == typeof(TrainingRows)
                        || method.GetParameters().Any(static each => each.ParameterType == typeof(TrainingRows))))
                .Where(static method => method.Name is not "op_Implicit"),
            .. typeof(TrainingRows).GetFields().Where(static field => Holds(field.FieldType)),
        ];

        Assert.Empty(ways);
        Assert.Empty(typeof(TrainingRows).GetConstructors());
        Assert.Equal(typeof(LabelledRows), typeof(TrainingRows).GetMethod("op_Implicit")!.GetParameters()[0].ParameterType);
        Assert.Equal(typeof(TrainingRows), typeof(TrainingRows).GetMethod("op_Implicit")!.ReturnType);

        static bool Holds(Type type) =>
            type == typeof(LabelledRows) || type == typeof(FeatureRows)
            || type.GenericTypeArguments.Contains(typeof(LabelledRows));
    }

    [Fact]
    public void Public_WhatJudges_TakesNoTrainingRows()
    {
        Type[] judges = [typeof(RowEvaluation), typeof(Importance), typeof(Evaluation)];

        Assert.All(judges, static judge => Assert.DoesNotContain(
            judge.GetMethods().SelectMany(static method => method.GetParameters()),
            static parameter => parameter.ParameterType == typeof(TrainingRows)));
    }

    [Fact]
    public void FromLabelledRows_ShiftsNothing()
    {
        var rows = TrainingRows.FromLabelledRows(Rows);

        Assert.Equal(Rows.Labels.Average(), rows.PositiveRate, 1e-6);
        Assert.Equal(rows.PositiveRate, rows.PositiveRateBefore);
        Assert.Equal(1, rows.NegativesKept);
        Assert.Equal(0, rows.LogOddsShift);
    }

    // The formula of Dal Pozzolo and others, computed in float64.
    [Theory]
    [InlineData(0.1, 0.05, 0.005235602094240839)]
    [InlineData(0.1, 0.5, 0.09090909090909091)]
    [InlineData(0.1, 0.9, 0.473684210526316)]
    [InlineData(0.02, 0.05, 0.0010515247108307045)]
    [InlineData(0.02, 0.5, 0.0196078431372549)]
    [InlineData(0.02, 0.9, 0.15254237288135597)]
    public void LogOddsShift_OfAKeptShare_EqualsTheFormula(double kept, double sampled, double expected)
    {
        LabelledRows before = OfRates(positives: 50, negatives: 1000);
        var after = TrainingRows.Made(before, OfRates(positives: 50, negatives: (int)(1000 * kept)));

        double logOdds = Math.Log(sampled / (1 - sampled)) + after.LogOddsShift;

        Assert.Equal(kept, after.NegativesKept, 1e-12);
        Assert.Equal(Math.Log(kept), after.LogOddsShift, 1e-12);
        Assert.Equal(expected, 1 / (1 + Math.Exp(-logOdds)), 1e-12);
    }

    [Fact]
    public void LogOddsShift_WhereWeightsMakeUpForWhatWasDropped_IsZero()
    {
        LabelledRows before = OfRates(positives: 50, negatives: 1000);
        LabelledRows after = OfRates(positives: 50, negatives: 300);
        after = after with { Weights = [.. after.Labels.Select(static label => label > 0 ? 1f : 1000f / 300)] };

        Assert.Equal(0, TrainingRows.Made(before, after).LogOddsShift);
    }

    private static LabelledRows OfRates(int positives, int negatives) => new()
    {
        DenseCount = 0,
        SparseCount = 0,
        Dense = [],
        Starts = new int[positives + negatives + 1],
        Columns = [],
        Values = [],
        Labels = [.. Enumerable.Repeat(1f, positives), .. Enumerable.Repeat(0f, negatives)],
    };
}
