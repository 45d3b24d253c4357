namespace Tandem.Learning.Imbalance;

/// <summary>Fits one kind of model with several methods for rare positives on the same folds, and says what each
/// changes.</summary>
public static class ImbalanceComparison
{
    /// <summary>What is measured unless the options ask otherwise: ranking, and then probabilities.</summary>
    public static IReadOnlyList<string> Metrics { get; } = ["pr_auc", "log_loss", "brier", "ece"];

    /// <summary>Methods that are worth a look.</summary>
    public static IReadOnlyList<ImbalanceChoice> Usual { get; } =
    [
        ImbalanceChoice.None, .. ((string[])["class_weight", "down_sample", "smote"]).Select(
            static method => ImbalanceChoice.None with { Method = method }),
    ];

    /// <summary>Compares.</summary>
    /// <param name="kind">The kind of model.</param>
    /// <param name="parameters">Its settings.</param>
    /// <param name="rows">The rows, labelled 1 or 0.</param>
    /// <param name="folds">Rows to learn from and rows that judge; see <see cref="RowFolds"/>. One fold is a plain
    /// split.</param>
    /// <param name="choices">The methods; the others are compared with the first.</param>
    /// <param name="context">Seed and threads; progress over all fits.</param>
    /// <param name="options">Metrics, resamples (at least 1) and seed of the intervals.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>One result a method, in their order.</returns>
    /// <exception cref="Faults.TandemException">LRN015: a fold has one class alone; LRN050 to LRN057.</exception>
    /// <remarks>Methods see the rows that a fold learns from alone; what judges are rows as they are, scored by a model that did
    /// not see them.</remarks>
    public static IReadOnlyList<ImbalanceResult> Run(
        RowModelKind kind, IReadOnlyDictionary<string, double> parameters, LabelledRows rows,
        IReadOnlyList<RowFold> folds, IReadOnlyList<ImbalanceChoice> choices, FitContext context,
        EvaluationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(choices);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(folds.Count, nameof(folds));
        FitContext quiet = context with { Progress = null };
        List<ImbalanceResult> results = [];
        foreach (ImbalanceChoice choice in choices)
        {
            List<RowScores> parts = [];
            BaseRates? rates = null;
            foreach (RowFold fold in folds)
            {
                (IRowScorer scorer, BaseRates found) = choice.Fit(
                    kind, rows.Take(fold.Train), parameters, quiet, cancellationToken);
                rates ??= found;
                parts.Add(RowScores.Of(scorer, rows.Take(fold.Test)));
                context.Progress?.Report(
                    ((results.Count * folds.Count) + parts.Count) / (double)(choices.Count * folds.Count));
            }

            RowScores scores = Join(parts);
            RowScores? first = results.Count == 0 ? null : results[0].Scores;
            results.Add(new ImbalanceResult(
                choice, rates!,
                [.. options.Metrics.Select(metric => Compare(first, scores, metric, options, cancellationToken))], scores));
        }

        return results;
    }

    private static MetricComparison Compare(
        RowScores? first, RowScores scores, string metric, EvaluationOptions options, CancellationToken cancellationToken)
    {
        if (first is not null)
        {
            return RowEvaluation.Compare(first, scores, metric, options, cancellationToken);
        }

        double figure = RowEvaluation.Measure(scores, metric);
        return new MetricComparison(metric, figure, figure, 0, 0, 0)
        {
            LowerIsBetter = RowEvaluation.Find(metric, scores.Target.Kind).LowerIsBetter,
        };
    }

    private static RowScores Join(List<RowScores> parts) => new()
    {
        Target = parts[0].Target,
        Values = [.. parts.SelectMany(static part => part.Values)],
        Labels = [.. parts.SelectMany(static part => part.Labels)],
        Groups = [.. parts.SelectMany(static part => part.Groups)],
        Weights = [.. parts.SelectMany(static part => part.Weights)],
    };
}
