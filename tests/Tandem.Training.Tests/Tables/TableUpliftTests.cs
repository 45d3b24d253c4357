using Tandem.Faults;
using Tandem.Features;
using Tandem.Learning;
using Tandem.Learning.Imbalance;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Training.Tables;

namespace Tandem.Training.Tests.Tables;

/// <summary>What a treatment changes, on rows that know it: it raises the chance of .3 by .4 where x is above 0, and by nothing
/// elsewhere; z moves the chance of both.</summary>
public sealed class TableUpliftTests
{
    private static readonly SpecVocabulary Words = new()
    {
        Models = [.. ModelCatalogue.Default.RowKinds.Select(static kind => new KnownModel(kind.Name, "", [], ReadsFeatures: true))],
        Operators = [],
        Metrics =
        [
            .. UpliftEvaluation.Metrics.Select(static metric => new KnownMetric(metric.Name, "", false, MetricFamily.Uplift)),
        ],
    };

    private static readonly TableEvaluationOptions Plain = new() { Imbalance = [ImbalanceChoice.None] };

    [Theory]
    [InlineData("boosted_trees")]
    [InlineData("logistic")]
    public void Run_WhereTheEffectLiesWithSome_FindsThem_BetterThanChance(string kind)
    {
        RowTable table = Table(4000);

        EvaluationResult result = TableUplift.Run(table, Spec($"model: {{predict: {kind}}}"), ModelCatalogue.Default, Plain);

        Assert.Equal(
            ["random targeting", $"{kind}, two models", $"{kind}, transformed outcome"],
            result.Models.Select(static model => model.Name), StringComparer.Ordinal);
        ModelEvaluation chance = result.Models[0];
        Assert.Equal(0, chance.Metrics["qini"], 9);
        Assert.Equal(chance.Metrics["effect"] / 2, chance.Metrics["auuc"], 9);

        // Half the rows by .4; of 1,000 in each arm the effect has a deviation of .022.
        Assert.InRange(chance.Metrics["effect"], 0.13, 0.27);
        double truth = Truth(table, result.Protocol.TestRows);
        foreach (ModelEvaluation model in result.Models.Skip(1))
        {
            Assert.True(model.Intervals["qini"][0] > 0, model.Name);
            Assert.InRange(model.Metrics["qini"], 0.4 * truth, 1.3 * truth);
            Assert.Equal(chance.Metrics["effect"], model.Metrics["effect"], 9);
        }

        Assert.Equal(2, result.Differences!.Count);
        Assert.True(result.Differences.Single(static each => each.Other == "random targeting").Low > 0);
        Assert.DoesNotContain(result.Checks!, static check => check.IsWarning);

        // Rows are drawn of each arm alike.
        DataCheck arms = Assert.Single(result.Checks!, static check => check.Name == "treatment");
        Assert.Equal(arms.Figures["train"], arms.Figures["test"], 0.002);
    }

    [Fact]
    public void Run_OfNumbers_LearnsTheDifferenceOfMeans()
    {
        RowTable table = Table(3000);
        SeededRandom random = new(8);
        table = table with
        {
            Target = new RowTarget(RowTargetKind.Number),
            Labels =
            [
                .. table.Treated.Select((treated, row) =>
                    (treated && table.Values[row * 2] > 0 ? 5f : 0) + (float)random.NextGaussian()),
            ],
        };

        EvaluationResult result = TableUplift.Run(table, Spec("model: {predict: boosted_trees}"), ModelCatalogue.Default, Plain);

        Assert.All(result.Models.Skip(1), static model => Assert.True(model.Intervals["qini"][0] > 0));
        Assert.InRange(result.Models[0].Metrics["effect"], 2, 3);
    }

    [Fact]
    public void Run_WhereTheTreatmentWasNotDrawn_SaysWhatItFollows()
    {
        RowTable table = Table(2000);
        SeededRandom random = new(3);
        bool[] chosen = [.. Enumerable.Range(0, table.Count).Select(row => random.NextDouble() < (table.Values[row * 2] > 0 ? 0.7 : 0.3))];

        EvaluationResult result = TableUplift.Run(
            table with { Treated = chosen }, Spec("model: {predict: logistic}"), ModelCatalogue.Default, Plain);

        DataCheck found = Assert.Single(result.Checks!, static check => check.IsWarning);
        Assert.Equal(("treatment", "x"), (found.Name, found.Column));
    }

    [Fact]
    public void Run_WithOneAndTwoThreads_GivesTheSameFigures()
    {
        RowTable table = Table(600);
        SystemSpec spec = Spec("model: {predict: boosted_trees}", "training: {split: {by: random, folds: 3, repeats: 2}}");

        string[] figures =
        [
            .. new[] { 1, 2 }.Select(threads => string.Join(' ', TableUplift.Run(
                table, spec, ModelCatalogue.Default, Plain with { ThreadCount = threads })
                .Models.SelectMany(static model => model.Metrics.Values))),
        ];

        Assert.Equal(figures[0], figures[1]);
    }

    [Fact]
    public void Run_OfWhatIsNotDoneOfUplift_IsACodedFault()
    {
        RowTable table = Table(200);
        SystemSpec spec = Spec("model: {predict: logistic}");

        Assert.Equal("TRN018", CodeOf(table, spec, Plain with { ExplainedRow = 1 }));
        Assert.Equal("TRN012", CodeOf(table, spec with { Model = new ModelSpec() }, Plain));
        Assert.Equal("LRN072", CodeOf(table with { Treated = new bool[200] }, spec, Plain));
    }

    private static string CodeOf(RowTable table, SystemSpec spec, TableEvaluationOptions options) =>
        Assert.Throws<TandemException>(() => TableUplift.Run(table, spec, ModelCatalogue.Default, options)).Fault.Code;

    /// <summary>What the true uplift reaches on as many rows.</summary>
    private static double Truth(RowTable table, long count)
    {
        int[] rows = [.. Enumerable.Range(0, (int)count)];
        return UpliftEvaluation.Run(
            "truth", [.. rows.Select(row => table.Values[row * 2] > 0 ? 0.4f : 0)], [.. rows.Select(row => table.Labels[row])],
            [.. rows.Select(row => table.Treated[row])], new EvaluationOptions { BootstrapSamples = 0 }).Metrics["qini"];
    }

    private static SystemSpec Spec(params string[] more)
    {
        var file = SpecFile.Parse(
            "name: t\nobjective: {task: uplift, label: {event: row, column: y}, treatment: offered}\n" +
            "sources: {row: {times: false, columns: {y: flag, offered: flag}}}\nevaluation: {bootstrap_samples: 200}\n" +
            string.Join('\n', (string[])[.. more, .. more.Length > 1 ? [] : (string[])["training: {split: {by: random, share: 0.5}}"]]),
            "tandem.yaml", Words);
        Assert.Empty(file.Faults);
        Assert.True(file.Spec!.IsTabular);
        return file.Spec;
    }

    private static RowTable Table(int count)
    {
        SeededRandom random = new(21);
        float[] values = new float[count * 2];
        float[] labels = new float[count];
        bool[] treated = new bool[count];
        string[] colors = new string[count];
        for (int row = 0; row < count; row++)
        {
            values[row * 2] = (float)random.NextGaussian();
            values[(row * 2) + 1] = (float)random.NextGaussian();
            treated[row] = random.NextInt(2) == 1;
            double chance = 0.3 + (treated[row] && values[row * 2] > 0 ? 0.4 : 0) + (values[(row * 2) + 1] > 0 ? 0.1 : -0.1);
            labels[row] = random.NextDouble() < chance ? 1 : 0;
            colors[row] = random.NextInt(2) == 0 ? "red" : "blue";
        }

        return new RowTable
        {
            Numbers = ["x", "z"],
            Values = values,
            Texts = [TextColumn.Of("color", colors)],
            Target = RowTarget.Binary,
            Labels = labels,
            Treated = treated,
        };
    }
}
