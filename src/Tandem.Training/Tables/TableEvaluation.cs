using System.Diagnostics;
using System.Globalization;
using Tandem.Faults;
using Tandem.Learning;
using Tandem.Learning.Imbalance;
using Tandem.Spec;
using Tandem.Training.Search;

namespace Tandem.Training.Tables;

/// <summary>Fits and judges every model of a design on a table: encoders, methods for rare positives and models see the rows
/// to learn from alone, figures are of the others.</summary>
public sealed class TableEvaluation
{
    // What a search picked, in each division by itself.
    private const string Searched = "searched";

    private readonly RowTable _table;
    private readonly SystemSpec _spec;
    private readonly TableEvaluationOptions _options;
    private readonly EvaluationOptions _judging;
    private readonly TableSplit _split;
    private readonly TableFitting _fitting;
    private readonly TableFold[][] _folds;

    private TableEvaluation(RowTable table, SystemSpec spec, ModelCatalogue catalogue, TableEvaluationOptions options)
    {
        _table = table;
        _spec = spec;
        _options = options;
        if (options.ExplainedRow is { } row && (row < 1 || row > table.Count))
        {
            throw TrainingErrors.NoSuchRow(row, table.Count);
        }

        _split = TableSplit.Of(table, spec.Training.Split, spec.Training.Seed);
        _judging = new EvaluationOptions
        {
            Metrics = [.. spec.Evaluation.Metrics.Append(spec.Evaluation.Gate.Metric).Distinct(StringComparer.Ordinal)],
            BootstrapSamples = spec.Evaluation.BootstrapSamples,
            Seed = spec.Training.Seed,
            ThreadCount = options.ThreadCount,
        };
        _fitting = new TableFitting(table, spec, catalogue, options, _judging);
        _folds = [.. _split.Repeats.Select(folds => folds.Select(_fitting.Fold).ToArray())];
    }

    /// <summary>Fits and judges.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="spec">The design; its label's source is the table.</param>
    /// <param name="catalogue">Kinds of models.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Receives steps and their shares, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Figures of all baselines and candidates, what else was seen in the data, and what the best model leans
    /// on.</returns>
    /// <exception cref="TandemException">TRN004, TRN009, TRN012, TRN013, TRN015 to TRN017, TRN019 to TRN021; LRN and FEA codes of what cannot be fitted.</exception>
    public static Task<EvaluationResult> RunAsync(
        RowTable table, SystemSpec spec, ModelCatalogue catalogue, TableEvaluationOptions options,
        IProgress<(string Step, double Share)>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(options);
        return new TableEvaluation(table, spec, catalogue, options).JudgeAsync(progress, cancellationToken);
    }

    private async Task<EvaluationResult> JudgeAsync(
        IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        ModelChoiceSpec[] candidates = TableFitting.Candidates(_spec);
        if (candidates.Length == 0 && _spec.Evaluation.Imported.Count == 0)
        {
            throw TrainingErrors.NoModel();
        }

        List<SearchReport>? searches = ModelSearch.IsNeeded(_spec)
            ? await SearchAsync(candidates, progress, cancellationToken).ConfigureAwait(false)
            : null;
        List<(string Name, RowScores[] Scores)> all = [];
        List<ModelEvaluation> figures = [];
        List<DataCheck> refused = [];
        List<TableContender> wanted = Contenders(candidates);
        List<TableContender> contenders = [];
        for (int index = 0; index < wanted.Count; index++)
        {
            TableContender contender = wanted[index];
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
            figures[best] = figures[best] with { Importance = _fitting.ImportanceOf(contenders[best], _folds[0][0], cancellationToken) };
        }

        EvaluationProtocol protocol = RowEvaluation.Describe(
            all[0].Scores[0], _split.Name, _spec.Objective.Task, _folds[0][0].Train.Length, _judging);
        return new EvaluationResult(protocol, figures)
        {
            Differences = Differences(all, best, cancellationToken),
            Checks = [.. refused, .. contenders.Where(static each => each.Imported is not null).Select(Unknown), .. TableChecks.Find(_table, _spec, _split)],
            Searches = searches,
            Explained = _options.ExplainedRow is { } row
                ? _fitting.Explain(
                    contenders[Best(figures, i => !contenders[i].IsBaseline)],
                    [.. _folds.SelectMany(static folds => folds)], row - 1, cancellationToken)
                : null,
        };
    }

    private (ModelEvaluation Figures, RowScores[] Scores) Judge(
        TableContender contender, string step, IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        progress?.Report((step, 0));
        long stamp = Stopwatch.GetTimestamp();
        var scores = new RowScores[_folds.Length];
        for (int repeat = 0; repeat < scores.Length; repeat++)
        {
            scores[repeat] = _fitting.Score(contender, _folds[repeat], cancellationToken);
            progress?.Report((step, (repeat + 0.5) / scores.Length));
        }

        double seconds = Stopwatch.GetElapsedTime(stamp).TotalSeconds;
        ModelEvaluation figures = TableFigures.Mean(
        [
            .. scores.Select((each, repeat) => RowEvaluation.Run(
                contender.Name, each, _judging, Slices(_folds[repeat]), cancellationToken)),
        ]);
        IntervalReport? interval = _spec.Objective.Interval is { } level
            ? IntervalReport.Mean([.. _folds.Select(folds => _fitting.Intervals(contender, folds, level, cancellationToken))])
            : null;
        progress?.Report((step, 1));
        return (figures with { Seconds = seconds, Interval = interval }, scores);
    }

    private IReadOnlyList<RowSlice> Slices(TableFold[] folds)
    {
        int[] judged = TableFitting.Judged(folds);
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

    private static DataCheck Unknown(TableContender contender) => new(
        "imported", null, true,
        $"What {contender.Name} learned from is not known: if rows that judge were among it, its figures are too good.",
        new Dictionary<string, double>(StringComparer.Ordinal));

    /// <summary>The model of the file and its rivals.</summary>
    /// <summary>Baselines first, then the model of the file and its rivals, of one kind numbered; then what was searched.</summary>
    private List<TableContender> Contenders(ModelChoiceSpec[] candidates)
    {
        List<TableContender> all = [];
        foreach ((ModelChoiceSpec? choice, bool isBaseline) in
            _spec.Evaluation.Baselines.Except(candidates.Select(static each => each.Kind), StringComparer.Ordinal)
                .Select(static kind => ((ModelChoiceSpec?)new ModelChoiceSpec { Kind = kind }, true))
                .Concat(candidates.Where(static each => each.Ranges.Count == 0).Select(static each => ((ModelChoiceSpec?)each, false)))
                .Concat(candidates.Any(static each => each.Ranges.Count > 0) ? [(null, false)] : []))
        {
            foreach (ImbalanceChoice imbalance in isBaseline ? [ImbalanceChoice.None] : _options.Imbalance)
            {
                all.Add(MakeContender(choice, isBaseline, imbalance, isPointwise: false, all));
                if (_options.AlsoPointwise && choice is not null && !isBaseline
                    && _fitting.Pointwise(choice.Kind, isBaseline, isAsked: false) is null)
                {
                    all.Add(MakeContender(choice, isBaseline, imbalance, isPointwise: true, all));
                }
            }
        }

        foreach ((string name, string path) in _spec.Evaluation.Imported.OrderBy(static each => each.Key, StringComparer.Ordinal))
        {
            all.Add(new TableContender(
                ContenderName.Next(name, all.Select(static each => each.Name)), null, IsBaseline: false, _options.Imbalance[0],
                IsPointwise: false)
            {
                Imported = ImportedModel.Read(_table, Path.Combine(_options.Folder, path)),
            });
        }

        return all;
    }

    private TableContender MakeContender(
        ModelChoiceSpec? choice, bool isBaseline, ImbalanceChoice imbalance, bool isPointwise, List<TableContender> before)
    {
        string what = choice is null
            ? Searched
            : choice.Kind + (_fitting.Pointwise(choice.Kind, isBaseline, isPointwise) is null ? "" : " pointwise");
        string name = what + _options.Suffix + (_options.Imbalance.Count > 1 && !isBaseline ? $", {imbalance.Method}" : "");
        return new TableContender(
            ContenderName.Next(name, before.Select(static each => each.Name)), choice, isBaseline, imbalance, isPointwise);
    }

    /// <summary>Searches settings in each division by itself, each with its part of the time.</summary>
    private async Task<List<SearchReport>> SearchAsync(
        ModelChoiceSpec[] candidates, IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        List<SearchReport> found = [];
        TableFold[] divisions = [.. _folds.SelectMany(static folds => folds)];
        SearchSpec wanted = _spec.Training.Search with { Budget = _spec.Training.Search.Budget / divisions.Length };
        ModelSearch search = new(wanted, _spec.Training.Seed, store: null, version: "", _options.Clock);
        foreach (TableFold division in divisions)
        {
            found.Add(await _fitting.SearchAsync(search, candidates, division, progress, cancellationToken).ConfigureAwait(false));
        }

        return found;
    }
}
