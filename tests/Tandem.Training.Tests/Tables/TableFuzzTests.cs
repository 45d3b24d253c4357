using Tandem.Faults;
using Tandem.Features;
using Tandem.Learning;
using Tandem.Learning.Imbalance;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Training.Tables;

namespace Tandem.Training.Tests.Tables;

/// <summary>Tables as nobody would wish them: whatever they hold, each kind of model gives figures or a coded fault, and
/// neither falls over nor says what is no number.</summary>
public sealed class TableFuzzTests
{
    private const int TablesOfAKind = 60;

    // Tables must not take long: what is looked for is not how well models learn.
    private static readonly Dictionary<string, double> Quick = new(StringComparer.Ordinal)
    {
        ["epochs"] = 1,
        ["trees"] = 5,
        ["iterations"] = 5,
        ["factors"] = 2,
        ["hidden"] = 4,
        ["batch_size"] = 1024,
    };

    private static readonly float[] Oddities =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, 0, -0f, 1e-38f, 1e30f,
    ];

    public static TheoryData<string> Kinds => [.. ModelCatalogue.Default.RowKinds.Select(static kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task RunAsync_OfAnyTable_GivesFiguresOrACodedFault(string kind)
    {
        int judged = 0;
        for (ulong seed = 0; seed < TablesOfAKind; seed++)
        {
            SeededRandom random = new(seed, stream: 0xF);
            RowTargetKind[] targets = [.. ModelCatalogue.Default.FindRows(kind).Targets];
            RowTable table = Make(targets[random.NextInt(targets.Length)], Size(ref random), ref random);
            SystemSpec spec = Spec(kind, table, ref random);
            ImbalanceMethod method = ImbalanceMethods.All[random.NextInt(ImbalanceMethods.All.Count)];
            ImbalanceChoice imbalance = ImbalanceChoice.None with
            {
                Method = table.Target.Kind == RowTargetKind.Binary ? method.Name : ImbalanceMethods.None,
            };

            judged += await JudgeAsync(table, spec, imbalance, $"seed {seed}") ? 1 : 0;
        }

        // Most tables are odd, and not all of them hopeless.
        Assert.InRange(judged, TablesOfAKind / 4, TablesOfAKind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task RunAsync_OfAHundredThousandRows_GivesFigures(string kind)
    {
        SeededRandom random = new(17);
        RowTable table = Make(RowTargetKind.Binary, 100_000, ref random);
        SystemSpec spec = Spec(kind, table, ref random);
        for (int i = 0; i < table.Values.Length; i++)
        {
            table.Values[i] = float.IsInfinity(table.Values[i]) ? float.NaN : table.Values[i];
        }

        bool isJudged = await JudgeAsync(
            table, spec with { Training = spec.Training with { Calibration = Calibrator.None } },
            ImbalanceChoice.None with { Method = "class_weight" }, kind);

        Assert.True(isJudged);
    }

    /// <summary>Each row has a text of its own: a million categories.</summary>
    [Fact]
    public async Task RunAsync_OfAMillionCategories_GivesFiguresOfEachKind()
    {
        const int Count = 1_000_000;
        SeededRandom random = new(9);
        float[] labels = [.. Enumerable.Range(0, Count).Select(_ => (float)random.NextInt(2))];
        RowTable table = new()
        {
            Numbers = [],
            Values = [],
            Texts = [TextColumn.Of("id", [.. Enumerable.Range(0, Count).Select(static row => $"t{row}")])],
            Target = RowTarget.Binary,
            Labels = labels,
        };
        SystemSpec spec = Spec("constant", table, ref random);

        EvaluationResult result = await TableEvaluation.RunAsync(
            table,
            spec with
            {
                Training = new TrainingSpec
                {
                    Split = new SplitSpec { By = SplitSpec.Time, Share = 0.1 },
                    Calibration = Calibrator.None,
                    Candidates = [.. ModelCatalogue.Default.RowKinds.Where(static kind => kind.Name != "constant").Select(static kind => Choice(kind.Name))],
                },
                Evaluation = spec.Evaluation with { Metrics = ["log_loss"], BootstrapSamples = 0 },
            },
            ModelCatalogue.Default, new TableEvaluationOptions { Imbalance = [ImbalanceChoice.None], ThreadCount = 2 });

        // Nothing can be known of a text that was never seen: a coin says as much, and nobody is sure of more.
        Assert.Equal(ModelCatalogue.Default.RowKinds.Count, result.Models.Count);
        Assert.All(result.Models, static model => Assert.InRange(model.Metrics["log_loss"], 0.69, 0.8));
    }

    /// <summary>True where there are figures; false where there is a coded fault.</summary>
    private static async Task<bool> JudgeAsync(RowTable table, SystemSpec spec, ImbalanceChoice imbalance, string what)
    {
        try
        {
            EvaluationResult result = await TableEvaluation.RunAsync(
                table, spec, ModelCatalogue.Default, new TableEvaluationOptions { Imbalance = [imbalance], ThreadCount = 2 });

            // Writing it fails where a figure is no number.
            Assert.NotEmpty(EvaluationJson.Write(result));
            return true;
        }
        catch (TandemException refused)
        {
            Assert.Matches("^(LRN|TRN|FEA)[0-9]{3}$", refused.Fault.Code);
            return false;
        }
        catch (Exception broken)
        {
            throw new InvalidOperationException(
                $"{what}: {table.Count} rows of {table.Target.Kind}, {imbalance.Method}, {spec.Training.Calibration}, " +
                $"{spec.Training.Split.By}: {broken.Message}", broken);
        }
    }

    private static int Size(ref SeededRandom random) => random.NextInt(6) switch
    {
        0 => 1 + random.NextInt(4),
        1 => 5 + random.NextInt(20),
        _ => 50 + random.NextInt(300),
    };

    private static RowTable Make(RowTargetKind kind, int count, ref SeededRandom random)
    {
        int numbers = random.NextInt(5);
        int texts = numbers == 0 ? 1 : random.NextInt(3);
        float[] values = new float[count * numbers];
        for (int column = 0; column < numbers; column++)
        {
            FillNumbers(values, column, numbers, ref random);
        }

        List<TextColumn> columns = [];
        for (int column = 0; column < texts; column++)
        {
            columns.Add(Texts($"text{column}", count, ref random));
        }

        RowTarget target = new(kind)
        {
            Classes = kind is RowTargetKind.Multiclass or RowTargetKind.Multilabel ? 2 + random.NextInt(3) : 0,
            Quantiles = kind == RowTargetKind.Quantile ? [0.1, 0.5, 0.9] : [],
        };
        return new RowTable
        {
            Numbers = [.. Enumerable.Range(0, numbers).Select(static column => $"number{column}")],
            Values = values,
            Texts = columns,
            Target = target,
            Labels = Labels(target, count, ref random),
            Classes = [.. Enumerable.Range(0, target.Classes).Select(static each => $"class{each}")],
            Groups = kind == RowTargetKind.Order ? [.. Enumerable.Range(0, count).Select(static row => row / 7)] : [],
        };
    }

    /// <summary>Plain numbers, none, one over and over, whole ones, huge ones, or some that are odd.</summary>
    private static void FillNumbers(float[] values, int column, int width, ref SeededRandom random)
    {
        int sort = random.NextInt(7);
        float odd = Oddities[random.NextInt(Oddities.Length)];
        for (int at = column; at < values.Length; at += width)
        {
            values[at] = sort switch
            {
                0 => float.NaN,
                1 => 7,
                2 => random.NextInt(3),
                3 => (float)(1e37 * random.NextGaussian()),
                4 when random.NextInt(4) == 0 => odd,
                _ => (float)random.NextGaussian(),
            };
        }
    }

    /// <summary>Few texts, one of their own for each row, none at all, or lists.</summary>
    private static TextColumn Texts(string name, int count, ref SeededRandom random)
    {
        int sort = random.NextInt(4);
        List<IReadOnlyList<string>> all = [];
        for (int row = 0; row < count; row++)
        {
            all.Add(sort switch
            {
                0 => [$"few{random.NextInt(3)}"],
                1 => [$"own{row}"],
                2 => [],
                _ => [.. Enumerable.Range(0, random.NextInt(4)).Select(static each => $"word{each}\0\ud83d")],
            });
        }

        return TextColumn.OfLists(name, all);
    }

    /// <summary>Labels at random, rare ones, or one and the same.</summary>
    private static float[] Labels(RowTarget target, int count, ref SeededRandom random)
    {
        int sort = random.NextInt(5);
        float[] labels = new float[count * target.LabelCount];
        for (int i = 0; i < labels.Length; i++)
        {
            int most = target.Kind switch
            {
                RowTargetKind.Multiclass => target.Classes,
                RowTargetKind.Order => 5,
                RowTargetKind.Count => 50,
                _ => 2,
            };
            bool isNumber = target.Kind is RowTargetKind.Number or RowTargetKind.Quantile;
            labels[i] = sort switch
            {
                0 => 0,
                1 => random.NextInt(30) == 0 ? 1 : 0,
                _ when isNumber => (float)(random.NextGaussian() * (sort == 2 ? 1e30 : 1)),
                _ => random.NextInt(most),
            };
        }

        return labels;
    }

    private static SystemSpec Spec(string kind, RowTable table, ref SeededRandom random)
    {
        string[] calibrations = table.Target.Kind switch
        {
            RowTargetKind.Binary => ["auto", "platt", "isotonic", "beta", "temperature", "none"],
            RowTargetKind.Multiclass => ["auto", "temperature", "none"],
            _ => [Calibrator.None],
        };
        string[] splits = table.Groups.Length > 0 ? [SplitSpec.Groups] : [SplitSpec.Random, SplitSpec.Time];
        IReadOnlyList<string> metrics = RowEvaluation.MetricsOf(table.Target.Kind);
        return new SystemSpec
        {
            Name = "t",
            Objective = new ObjectiveSpec { Task = "binary", Label = new LabelSpec { Event = "row" } },
            Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal) { ["row"] = new() { HasTimes = false } },
            Model = new ModelSpec { Predict = Choice(kind) },
            Training = new TrainingSpec
            {
                Split = new SplitSpec { By = splits[random.NextInt(splits.Length)], Share = 0.3 },
                Calibration = calibrations[random.NextInt(calibrations.Length)],
                Seed = 1,
            },
            Evaluation = new EvaluationSpec
            {
                Metrics = metrics,
                Baselines = [],
                Gate = new GateSpec { Metric = metrics[0] },
                BootstrapSamples = 20,
            },
        };
    }

    private static ModelChoiceSpec Choice(string kind)
    {
        HashSet<string> known = [.. ModelCatalogue.Default.FindRows(kind).Parameters.Select(static each => each.Name)];
        return new ModelChoiceSpec
        {
            Kind = kind,
            Parameters = Quick.Where(pair => known.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal),
        };
    }
}
