using Tandem.Learning;
using Tandem.Spec;
using Tandem.Training.Search;

namespace Tandem.Training.Tables;

/// <summary>Fits models on parts of a table and scores the others: encoders, methods for rare positives, maps and models see
/// the rows to learn from alone.</summary>
internal sealed class TableFitting(
    RowTable table, SystemSpec spec, ModelCatalogue catalogue, TableEvaluationOptions options, EvaluationOptions judging)
{
    // Parts that judge in turn when settings are searched.
    private const int SearchFolds = 3;

    private const int MostContributions = 20;

    // Of the rows to learn from, those that margins of intervals are made of.
    private const double MarginShare = 0.25;

    private FitContext Context => new() { Seed = spec.Training.Seed, ThreadCount = options.ThreadCount };

    /// <summary>Makes a division ready.</summary>
    public TableFold Fold(RowFold fold) => new(table, spec, options.Folder, fold.Train, fold.Test);

    /// <summary>What a kind fits grades as that it does not order: numbers, or relevant or not; null for what it takes as it
    /// is.</summary>
    public RowTargetKind? Pointwise(string kind, bool isBaseline, bool isAsked)
    {
        IReadOnlyList<RowTargetKind> targets = catalogue.FindRows(kind).Targets;
        bool orders = targets.Contains(RowTargetKind.Order) && !isAsked;
        return table.Target.Kind != RowTargetKind.Order || orders || isBaseline ? null
            : targets.Contains(RowTargetKind.Number) ? RowTargetKind.Number
            : RowTargetKind.Binary;
    }

    /// <summary>Scores of the rows that judge, each by a model that did not see it.</summary>
    public RowScores Score(TableContender contender, IReadOnlyList<TableFold> folds, CancellationToken cancellationToken)
    {
        int width = table.Target.OutputCount;
        float[] values = new float[(long)table.Count * width];
        foreach (TableFold fold in folds)
        {
            FittedModel model = Fit(contender, fold, cancellationToken);
            float[] own = new float[fold.Test.Length * width];
            model.Scorer.ScoreRows(model.Rows.Take(fold.Test).Features, own);
            for (int i = 0; i < fold.Test.Length; i++)
            {
                own.AsSpan(i * width, width).CopyTo(values.AsSpan(fold.Test[i] * width));
            }
        }

        RowScores everything = new()
        {
            Target = table.Target,
            Values = values,
            Labels = table.Labels,
            Groups = table.Groups,
        };
        return everything.Take(Judged(folds));
    }

    /// <summary>The model of the file and its rivals.</summary>
    public static ModelChoiceSpec[] Candidates(SystemSpec spec) =>
        [.. spec.Model.Predict is { } model ? [model] : (ModelChoiceSpec[])[], .. spec.Training.Candidates];

    /// <summary>Rows that judge, rising.</summary>
    public static int[] Judged(IReadOnlyList<TableFold> folds) => [.. folds.SelectMany(static fold => fold.Test).Order()];

    /// <summary>What a model leans on, on the rows that judge of a division.</summary>
    public IReadOnlyList<FeatureImportance> ImportanceOf(
        TableContender contender, TableFold fold, CancellationToken cancellationToken)
    {
        FittedModel model = Fit(contender, fold, cancellationToken);
        return
        [
            .. Importance.Measure(
                model.Scorer, AsFitted(model.Rows.Take(fold.Test), contender, model.Choice), model.Features, model.OfDense,
                model.OfSparse, Context, cancellationToken)
                .OrderByDescending(static each => each.Permutation),
        ];
    }

    /// <summary>How intervals around a model's predictions do on the rows that judge: it is fitted on three quarters of the rows to
    /// learn from, and the margin made of the last one, by time as all rows are divided.</summary>
    /// <exception cref="Faults.TandemException">TRN017: too few rows for the share.</exception>
    public IntervalReport Intervals(
        TableContender contender, IReadOnlyList<TableFold> folds, double level, CancellationToken cancellationToken)
    {
        List<(ConformalMargin Margin, RowScores Judged)> parts = [];
        foreach (TableFold fold in folds)
        {
            RowTable own = table.Take(fold.Train);
            SplitSpec within = Within(own, spec.Training.Split) with { Share = MarginShare, Folds = null };
            RowFold inner = TableSplit.Of(own, within, spec.Training.Seed).Repeats[0][0];
            TableFold apart = Fold(new RowFold(
                [.. inner.Train.Select(row => fold.Train[row])], [.. inner.Test.Select(row => fold.Train[row])]));
            apart.Picked = fold.Picked;
            FittedModel model = Fit(contender, apart, cancellationToken);
            var margin = ConformalMargin.Of(RowScores.Of(model.Scorer, model.Rows.Take(apart.Test)), level);
            if (!double.IsFinite(margin.Margin))
            {
                throw TrainingErrors.NoMargin(level, margin.Rows);
            }

            parts.Add((margin, RowScores.Of(model.Scorer, model.Rows.Take(fold.Test))));
        }

        return IntervalReport.Of(parts);
    }

    /// <summary>Why a model says what it says of a row: of the first division where the row judges, where there is one.</summary>
    public ExplainedRow Explain(
        TableContender contender, TableFold[] folds, int place, CancellationToken cancellationToken)
    {
        int row = table.Places.Length > 0 ? Array.IndexOf(table.Places, place) : place;
        TableFold fold = Array.Find(folds, each => each.Test.AsSpan().BinarySearch(row) >= 0) ?? folds[0];
        FittedModel model = Fit(contender, fold, cancellationToken);
        IReadOnlyList<Explanation> scores = Explanation.Of(
            model.Scorer, model.Rows.Features, row, model.Features, model.OfDense, model.OfSparse, MostContributions);
        return new ExplainedRow(
            contender.Name, place + 1, contender.Imported is null && fold.Train.AsSpan().BinarySearch(row) >= 0, RowWords.ValuesOf(table, row),
            scores.Select((each, output) => (Name: RowWords.ScoreOf(table, model.Scorer.Target, output), each))
                .ToDictionary(static each => each.Name, static each => each.each, StringComparer.Ordinal));
    }

    /// <summary>Searches the settings of candidates on the rows to learn from of a division, as a table of their own: the
    /// others are not in it.</summary>
    /// <param name="search">The search.</param>
    /// <param name="candidates">Kinds with settings, or ranges of them.</param>
    /// <param name="fold">The division, which keeps what was picked.</param>
    /// <param name="progress">Receives steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Faults.TandemException">TRN009: all settings failed; TRN013: too few rows.</exception>
    public async Task<SearchReport> SearchAsync(
        ModelSearch search, IReadOnlyList<ModelChoiceSpec> candidates, TableFold fold,
        IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        RowTable own = table.Take(fold.Train);
        TableFitting inner = new(own, spec, catalogue, options, judging);
        var split = TableSplit.Of(own, Within(own, spec.Training.Split), spec.Training.Seed);
        RowGround<TableFold> ground = new(
            split.Name, split.Repeats[0], own.Target, own.Labels, own.Groups, inner.Fold,
            (choice, folds, step, stop) =>
            {
                progress?.Report((step, 0));
                RowScores scores = inner.Score(
                    new TableContender(step, choice, IsBaseline: false, options.Imbalance[0], IsPointwise: false), folds, stop);
                progress?.Report((step, 1));
                return scores;
            })
        {
            Metric = spec.Training.Search.Metric ?? spec.Evaluation.Gate.Metric,
            Judging = judging,
            Values = own.Values,
        };
        (SearchReport report, IReadOnlyList<(string Name, ModelChoiceSpec Choice)> finalists) =
            await search.RunAsync(candidates, ground, cancellationToken).ConfigureAwait(false);
        fold.Picked = finalists[0].Choice;
        return report;
    }

    /// <summary>By time as all rows are divided; else parts of whole groups, or of each class alike.</summary>
    private static SplitSpec Within(RowTable own, SplitSpec split) => split.By == SplitSpec.Time
        ? split
        : new SplitSpec { By = own.Groups.Length > 0 ? SplitSpec.Groups : SplitSpec.Random, Folds = SearchFolds };

    private FittedModel Fit(TableContender contender, TableFold fold, CancellationToken cancellationToken)
    {
        if (contender.Imported is { } imported)
        {
            return imported;
        }

        ModelChoiceSpec choice = contender.Choice ?? fold.Picked!;
        RowModelKind kind = catalogue.FindRows(choice.Kind);
        LabelledRows rows = fold.For(kind).Rows;
        bool isCalibrated = !contender.IsBaseline && table.Target.Kind is RowTargetKind.Binary or RowTargetKind.Multiclass;
        RowFitting fitting = new(contender.Imbalance, isCalibrated ? spec.Training.Calibration : Calibrator.None);
        IRowScorer scorer = fitting.Fit(
            kind, RowDirections.Of(AsFitted(rows.Take(fold.Train), contender, choice), choice, fold.For(kind).Encoders),
            choice.Parameters, Context, cancellationToken).Scorer;
        return new FittedModel(scorer, rows, choice, fold.For(kind).Encoders);
    }

    /// <summary>The rows as a kind learns them: grades that it does not order as numbers, or as relevant or not.</summary>
    private LabelledRows AsFitted(LabelledRows rows, TableContender contender, ModelChoiceSpec choice) =>
        Pointwise(choice.Kind, contender.IsBaseline, contender.IsPointwise) switch
        {
            RowTargetKind.Number => rows with { Target = new RowTarget(RowTargetKind.Number) },
            RowTargetKind.Binary => rows with
            {
                Target = RowTarget.Binary,
                Labels = [.. rows.Labels.Select(static grade => grade > 0 ? 1f : 0f)],
            },
            _ => rows,
        };
}
