using System.Diagnostics;
using System.Globalization;
using Tandem.Faults;
using Tandem.Features.Encoders;
using Tandem.Learning;
using Tandem.Learning.Imbalance;
using Tandem.Spec;

namespace Tandem.Training.Tables;

/// <summary>Fits and judges every model of a design on a table: encoders, methods for rare positives and models see the rows
/// to learn from alone, figures are of the others.</summary>
public sealed class TableEvaluation
{
    private const int MostContributions = 20;

    private readonly RowTable _table;
    private readonly SystemSpec _spec;
    private readonly ModelCatalogue _catalogue;
    private readonly TableEvaluationOptions _options;
    private readonly EvaluationOptions _judging;
    private readonly TableSplit _split;
    private readonly TableFold[][] _folds;

    private TableEvaluation(RowTable table, SystemSpec spec, ModelCatalogue catalogue, TableEvaluationOptions options)
    {
        _table = table;
        _spec = spec;
        _catalogue = catalogue;
        _options = options;
        if (options.ExplainedRow is { } row && (row < 1 || row > table.Count))
        {
            throw TrainingErrors.NoSuchRow(row, table.Count);
        }

        _split = TableSplit.Of(table, spec.Training.Split, spec.Training.Seed);
        _folds =
        [
            .. _split.Repeats.Select(folds => folds
                .Select(fold => new TableFold(table, spec, options.Folder, fold.Train, fold.Test)).ToArray()),
        ];
        _judging = new EvaluationOptions
        {
            Metrics = [.. spec.Evaluation.Metrics.Append(spec.Evaluation.Gate.Metric).Distinct(StringComparer.Ordinal)],
            BootstrapSamples = spec.Evaluation.BootstrapSamples,
            Seed = spec.Training.Seed,
            ThreadCount = options.ThreadCount,
        };
    }

    private FitContext Context => new() { Seed = _spec.Training.Seed, ThreadCount = _options.ThreadCount };

    /// <summary>Fits and judges.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="spec">The design; its label's source is the table.</param>
    /// <param name="catalogue">Kinds of models.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Receives steps and their shares, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Figures of all baselines and candidates, what else was seen in the data, and what the best model leans
    /// on.</returns>
    /// <exception cref="TandemException">TRN004, TRN012 to TRN015; LRN and FEA codes of what cannot be fitted.</exception>
    public static EvaluationResult Run(
        RowTable table, SystemSpec spec, ModelCatalogue catalogue, TableEvaluationOptions options,
        IProgress<(string Step, double Share)>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(options);
        return new TableEvaluation(table, spec, catalogue, options).Judge(progress, cancellationToken);
    }

    private EvaluationResult Judge(IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        List<(string Name, RowScores[] Scores)> all = [];
        List<ModelEvaluation> figures = [];
        List<DataCheck> refused = [];
        List<Contender> wanted = Contenders();
        List<Contender> contenders = [];
        for (int index = 0; index < wanted.Count; index++)
        {
            Contender contender = wanted[index];
            string step = string.Create(
                CultureInfo.InvariantCulture, $"fit and judge {contender.Name}, {index + 1} of {wanted.Count}");
            try
            {
                (ModelEvaluation figure, RowScores[] scores) = Judge(contender, step, progress, cancellationToken);
                figures.Add(figure);
                all.Add((contender.Name, scores));
                contenders.Add(contender);
            }
            catch (TandemException refusal) when (_options.Imbalance.Count > 1 && contender.Imbalance != _options.Imbalance[0])
            {
                // A method that cannot treat these rows leaves the others to be compared.
                refused.Add(new DataCheck(
                    "left-out", null, true, $"{contender.Name} is left out: {refusal.Message}",
                    new Dictionary<string, double>(StringComparer.Ordinal)));
            }
        }

        int best = Best(figures, static _ => true);
        if (!contenders[best].IsBaseline)
        {
            figures[best] = figures[best] with { Importance = ImportanceOf(contenders[best], cancellationToken) };
        }

        EvaluationProtocol protocol = RowEvaluation.Describe(
            all[0].Scores[0], _split.Name, _spec.Objective.Task, _folds[0][0].Train.Length, _judging);
        return new EvaluationResult(protocol, figures)
        {
            Differences = Differences(all, best, cancellationToken),
            Checks = [.. refused, .. TableChecks.Find(_table, _spec, _split)],
            Explained = _options.ExplainedRow is { } row
                ? Explain(contenders[Best(figures, i => !contenders[i].IsBaseline)], row - 1, cancellationToken)
                : null,
        };
    }

    private (ModelEvaluation Figures, RowScores[] Scores) Judge(
        Contender contender, string step, IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        progress?.Report((step, 0));
        long stamp = Stopwatch.GetTimestamp();
        RowScores[] scores = new RowScores[_folds.Length];
        for (int repeat = 0; repeat < scores.Length; repeat++)
        {
            scores[repeat] = Score(contender, _folds[repeat], cancellationToken);
            progress?.Report((step, (repeat + 0.5) / scores.Length));
        }

        double seconds = Stopwatch.GetElapsedTime(stamp).TotalSeconds;
        var figures = TableFigures.Mean(
        [
            .. scores.Select((each, repeat) => RowEvaluation.Run(
                contender.Name, each, _judging, Slices(_folds[repeat]), cancellationToken)),
        ]);
        progress?.Report((step, 1));
        return (figures with { Seconds = seconds }, scores);
    }

    /// <summary>Scores of the rows that judge, each by a model that did not see it.</summary>
    private RowScores Score(Contender contender, TableFold[] folds, CancellationToken cancellationToken)
    {
        float[] values = new float[(long)_table.Count * _table.Target.OutputCount];
        foreach (TableFold fold in folds)
        {
            (IRowScorer scorer, LabelledRows rows) = Fit(contender, fold, cancellationToken);
            float[] own = new float[fold.Test.Length * _table.Target.OutputCount];
            scorer.ScoreRows(rows.Take(fold.Test).Features, own);
            int width = _table.Target.OutputCount;
            for (int i = 0; i < fold.Test.Length; i++)
            {
                own.AsSpan(i * width, width).CopyTo(values.AsSpan(fold.Test[i] * width));
            }
        }

        RowScores everything = new()
        {
            Target = _table.Target,
            Values = values,
            Labels = _table.Labels,
            Groups = _table.Groups,
        };
        return everything.Take(Judged(folds));
    }

    private static int[] Judged(TableFold[] folds) => [.. folds.SelectMany(static fold => fold.Test).Order()];

    private (IRowScorer Scorer, LabelledRows Rows) Fit(
        Contender contender, TableFold fold, CancellationToken cancellationToken)
    {
        LabelledRows rows = fold.For(contender.Kind).Rows;
        LabelledRows train = AsFitted(rows.Take(fold.Train), contender);
        bool isCalibrated = !contender.IsBaseline && _table.Target.Kind is RowTargetKind.Binary or RowTargetKind.Multiclass;
        RowFitting fitting = new(contender.Imbalance, isCalibrated ? _spec.Training.Calibration : Calibrator.None);
        return (
            fitting.Fit(contender.Kind, train, contender.Choice.Parameters, Context, cancellationToken).Scorer, rows);
    }

    /// <summary>The rows as a kind learns them: grades that it does not order as numbers, or as relevant or not.</summary>
    private static LabelledRows AsFitted(LabelledRows rows, Contender contender) => contender.Pointwise switch
    {
        RowTargetKind.Number => rows with { Target = new RowTarget(RowTargetKind.Number) },
        RowTargetKind.Binary => rows with
        {
            Target = RowTarget.Binary,
            Labels = [.. rows.Labels.Select(static grade => grade > 0 ? 1f : 0f)],
        },
        _ => rows,
    };

    private IReadOnlyList<RowSlice> Slices(TableFold[] folds)
    {
        int[] judged = Judged(folds);
        return [.. _table.Slices.SelectMany(slice => TableFigures.SlicesOf(slice.Name, [.. judged.Select(row => slice.Values[row])]))];
    }

    private int Best(List<ModelEvaluation> figures, Predicate<int> isOne)
    {
        string metric = _spec.Evaluation.Gate.Metric;
        double sign = RowEvaluation.Find(metric, _table.Target.Kind).LowerIsBetter ? -1 : 1;
        return Enumerable.Range(0, figures.Count).Where(i => isOne(i)).MaxBy(
            i => figures[i].Metrics.TryGetValue(metric, out double figure) ? sign * figure : double.NegativeInfinity);
    }

    private ModelDifference[] Differences(
        List<(string Name, RowScores[] Scores)> all, int best, CancellationToken cancellationToken)
    {
        string metric = _spec.Evaluation.Gate.Metric;
        if (_judging.BootstrapSamples == 0)
        {
            return [];
        }

        return
        [
            .. all.Where((_, i) => i != best).Select(other =>
            {
                MetricComparison[] found =
                [
                    .. other.Scores.Select((scores, repeat) => RowEvaluation.Compare(
                        scores, all[best].Scores[repeat], metric, _judging, cancellationToken)),
                ];
                return new ModelDifference(
                    all[best].Name, other.Name, metric, found.Average(static each => each.Difference),
                    found.Average(static each => each.Low), found.Average(static each => each.High));
            }),
        ];
    }

    /// <summary>What a model leans on, on the rows that judge of the first division.</summary>
    private IReadOnlyList<FeatureImportance> ImportanceOf(Contender contender, CancellationToken cancellationToken)
    {
        TableFold fold = _folds[0][0];
        (IRowScorer scorer, LabelledRows rows) = Fit(contender, fold, cancellationToken);
        FeatureEncoders encoders = fold.For(contender.Kind).Encoders;
        return
        [
            .. Importance.Measure(
                scorer, AsFitted(rows.Take(fold.Test), contender), encoders.Features, encoders.FeatureOfDense,
                encoders.FeatureOfSparse, Context, cancellationToken)
                .OrderByDescending(static each => each.Permutation),
        ];
    }

    /// <summary>Why a model says what it says of a row: of the first division where the row judges, where there is one.</summary>
    private ExplainedRow Explain(Contender contender, int place, CancellationToken cancellationToken)
    {
        int row = _table.Places.Length > 0 ? Array.IndexOf(_table.Places, place) : place;
        TableFold fold = Array.Find(
            [.. _folds.SelectMany(static folds => folds)], each => each.Test.AsSpan().BinarySearch(row) >= 0) ?? _folds[0][0];
        (IRowScorer scorer, LabelledRows rows) = Fit(contender, fold, cancellationToken);
        FeatureEncoders encoders = fold.For(contender.Kind).Encoders;
        IReadOnlyList<Explanation> scores = Explanation.Of(
            scorer, rows.Features, row, encoders.Features, encoders.FeatureOfDense, encoders.FeatureOfSparse,
            MostContributions);
        return new ExplainedRow(
            contender.Name, place + 1, fold.Train.AsSpan().BinarySearch(row) >= 0, RowWords.ValuesOf(_table, row),
            scores.Select((each, output) => (Name: RowWords.ScoreOf(_table, scorer.Target, output), each))
                .ToDictionary(static each => each.Name, static each => each.each, StringComparer.Ordinal));
    }

    /// <summary>Baselines first, then the model of the file and its rivals; of one kind, numbered.</summary>
    private List<Contender> Contenders()
    {
        ModelChoiceSpec[] candidates = [.. _spec.Model.Predict is { } model ? [model] : (ModelChoiceSpec[])[], .. _spec.Training.Candidates];
        if (candidates.Length == 0)
        {
            throw TrainingErrors.NoModel();
        }

        List<Contender> all = [];
        foreach ((ModelChoiceSpec choice, bool isBaseline) in
            _spec.Evaluation.Baselines.Except(candidates.Select(static each => each.Kind), StringComparer.Ordinal)
                .Select(static kind => (new ModelChoiceSpec { Kind = kind }, true))
                .Concat(candidates.Select(static each => (each, false))))
        {
            if (choice.Ranges.Count > 0)
            {
                throw TrainingErrors.RangesOfTable(choice.Kind);
            }

            foreach (ImbalanceChoice imbalance in isBaseline ? [ImbalanceChoice.None] : _options.Imbalance)
            {
                all.Add(MakeContender(choice, isBaseline, imbalance, isPointwise: false, all));
                if (_options.AlsoPointwise && all[^1] is { IsBaseline: false, Pointwise: null })
                {
                    all.Add(MakeContender(choice, isBaseline, imbalance, isPointwise: true, all));
                }
            }
        }

        return all;
    }

    private Contender MakeContender(
        ModelChoiceSpec choice, bool isBaseline, ImbalanceChoice imbalance, bool isPointwise, List<Contender> before)
    {
        RowModelKind kind = _catalogue.FindRows(choice.Kind);
        bool orders = kind.Targets.Contains(RowTargetKind.Order) && !isPointwise;
        RowTargetKind? pointwise = _table.Target.Kind != RowTargetKind.Order || orders || isBaseline ? null
            : kind.Targets.Contains(RowTargetKind.Number) ? RowTargetKind.Number
            : RowTargetKind.Binary;
        string name = choice.Kind + (pointwise is null ? "" : " pointwise") + _options.Suffix
            + (_options.Imbalance.Count > 1 && !isBaseline ? $", {imbalance.Method}" : "");
        return new Contender(
            ContenderName.Next(name, before.Select(static each => each.Name)), kind, choice, isBaseline, imbalance, pointwise);
    }

    private sealed record Contender(
        string Name, RowModelKind Kind, ModelChoiceSpec Choice, bool IsBaseline, ImbalanceChoice Imbalance,
        RowTargetKind? Pointwise);
}
