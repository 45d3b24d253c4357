using System.Diagnostics;
using System.Globalization;
using Tandem.Faults;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training.Tables;

/// <summary>Fits and judges models of what a treatment changes, on a table of which some rows were treated at random: each model
/// of the design learns in two ways, and is judged beside targeting at random.</summary>
public sealed class TableUplift
{
    private const string Random = "random targeting";

    private readonly RowTable _table;
    private readonly SystemSpec _spec;
    private readonly ModelCatalogue _catalogue;
    private readonly EvaluationOptions _judging;
    private readonly TableSplit _split;
    private readonly TableFold[][] _folds;

    private TableUplift(RowTable table, SystemSpec spec, ModelCatalogue catalogue, TableEvaluationOptions options)
    {
        _table = table;
        _spec = spec;
        _catalogue = catalogue;
        _split = TableSplit.Of(table, spec.Training.Split, spec.Training.Seed);
        _folds =
        [
            .. _split.Repeats.Select(folds => folds
                .Select(fold => new TableFold(table, spec, options.Folder, fold.Train, fold.Test)).ToArray()),
        ];
        _judging = new EvaluationOptions
        {
            BootstrapSamples = spec.Evaluation.BootstrapSamples,
            Seed = spec.Training.Seed,
            ThreadCount = options.ThreadCount,
        };
    }

    private delegate UpliftModel Learner(
        TreatedRows rows, RowModelKind kind, IReadOnlyDictionary<string, double> parameters, FitContext context,
        CancellationToken cancellationToken);

    private static (string Name, Learner Fit)[] Learners =>
    [
        ("two models", UpliftLearner.FitTwoModels), ("transformed outcome", UpliftLearner.FitTransformed),
    ];

    /// <summary>Fits and judges.</summary>
    /// <param name="table">The rows, with who was treated.</param>
    /// <param name="spec">The design; its label's source is the table.</param>
    /// <param name="catalogue">Kinds of models.</param>
    /// <param name="options">How; methods for rare positives are not used.</param>
    /// <param name="progress">Receives steps and their shares, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TandemException">TRN004, TRN012, TRN013, TRN018; LRN072 and other codes of what cannot be
    /// fitted.</exception>
    public static EvaluationResult Run(
        RowTable table, SystemSpec spec, ModelCatalogue catalogue, TableEvaluationOptions options,
        IProgress<(string Step, double Share)>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(options);
        if (options.ExplainedRow is not null)
        {
            throw TrainingErrors.NotOfUplift("Explaining a row");
        }

        return new TableUplift(table, spec, catalogue, options).Judge(progress, cancellationToken);
    }

    private EvaluationResult Judge(IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        ModelChoiceSpec[] choices = TableFitting.Candidates(_spec);
        if (choices.Length == 0)
        {
            throw TrainingErrors.NoModel();
        }

        if (choices.Any(static choice => choice.Ranges.Count > 0))
        {
            throw TrainingErrors.NotOfUplift("Searching settings");
        }

        List<(string Name, float[][] Scores)> all = [(Random, [.. _folds.Select(folds => new float[Judged(folds).Length])])];
        List<ModelEvaluation> figures = [Evaluate(all[0].Name, all[0].Scores, seconds: 0, cancellationToken)];
        foreach (ModelChoiceSpec choice in choices)
        {
            foreach ((string learner, Learner fit) in Learners)
            {
                string name = ContenderName.Next($"{choice.Kind}, {learner}", all.Select(static each => each.Name));
                progress?.Report(($"fit and judge {name}", 0));
                long stamp = Stopwatch.GetTimestamp();
                float[][] scores = [.. _folds.Select(folds => Score(choice, fit, folds, cancellationToken))];
                all.Add((name, scores));
                figures.Add(Evaluate(name, scores, Stopwatch.GetElapsedTime(stamp).TotalSeconds, cancellationToken));
                progress?.Report(($"fit and judge {name}", 1));
            }
        }

        int[] judged = Judged(_folds[0]);
        return new EvaluationResult(
            new EvaluationProtocol(
                _spec.Objective.Task, _split.Name, "rows", "come together", _judging.Seed, 0, 0, _folds[0][0].Train.Length,
                judged.Length, _judging.BootstrapSamples == 0
                    ? "none"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"95 % percentile bootstrap over the treated and the others, {_judging.BootstrapSamples} resamples")),
            figures)
        {
            Differences = Differences(all, figures, cancellationToken),
            Checks = TableChecks.Find(_table, _spec, _split),
        };
    }

    /// <summary>Uplift of the rows that judge, rising, each by a model that did not see it.</summary>
    private float[] Score(ModelChoiceSpec choice, Learner fit, TableFold[] folds, CancellationToken cancellationToken)
    {
        RowModelKind kind = _catalogue.FindRows(choice.Kind);
        float[] uplift = new float[_table.Count];
        foreach (TableFold fold in folds)
        {
            LabelledRows rows = fold.For(kind).Rows;
            UpliftModel model = fit(
                new TreatedRows(rows.Take(fold.Train), [.. fold.Train.Select(row => _table.Treated[row])]), kind,
                choice.Parameters, new FitContext { Seed = _spec.Training.Seed, ThreadCount = _judging.ThreadCount },
                cancellationToken);
            float[] own = new float[fold.Test.Length];
            model.ScoreRows(rows.Take(fold.Test).Features, own);
            for (int i = 0; i < own.Length; i++)
            {
                uplift[fold.Test[i]] = own[i];
            }
        }

        return [.. Judged(folds).Select(row => uplift[row])];
    }

    private ModelEvaluation Evaluate(
        string name, float[][] scores, double seconds, CancellationToken cancellationToken) => TableFigures.Mean(
        [
            .. scores.Select((each, repeat) => UpliftEvaluation.Run(
                name, each, Outcomes(repeat), Treated(repeat), _judging, cancellationToken)),
        ]) with
        {
            Seconds = seconds,
        };

    /// <summary>The best model by <c>qini</c> less each other one.</summary>
    private ModelDifference[] Differences(
        List<(string Name, float[][] Scores)> all, List<ModelEvaluation> figures, CancellationToken cancellationToken)
    {
        if (_judging.BootstrapSamples == 0)
        {
            return [];
        }

        const string Metric = "qini";
        int best = Enumerable.Range(0, figures.Count).MaxBy(i => figures[i].Metrics[Metric]);
        return
        [
            .. all.Where((_, i) => i != best).Select(other =>
            {
                MetricComparison[] found =
                [
                    .. other.Scores.Select((scores, repeat) => UpliftEvaluation.Compare(
                        scores, all[best].Scores[repeat], Outcomes(repeat), Treated(repeat), _judging, cancellationToken)),
                ];
                return new ModelDifference(
                    all[best].Name, other.Name, Metric, found.Average(static each => each.Difference),
                    found.Average(static each => each.Low), found.Average(static each => each.High));
            }),
        ];
    }

    private static int[] Judged(TableFold[] folds) => TableFitting.Judged(folds);

    private float[] Outcomes(int repeat) => [.. Judged(_folds[repeat]).Select(row => _table.Labels[row])];

    private bool[] Treated(int repeat) => [.. Judged(_folds[repeat]).Select(row => _table.Treated[row])];
}
