using Tandem.Learning.Ranking;
using Tandem.Learning.Rows;

namespace Tandem.Learning;

/// <summary>Judges decisions by what they would have cost.</summary>
/// <remarks>Formulas: <c>docs/judging-rows.md</c>. The same figures for any thread count.</remarks>
public static class Decisions
{
    /// <summary>Judges a rule on rows that neither the model nor the rule has seen.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="scores">Scores of binary rows.</param>
    /// <param name="costs">What each outcome costs.</param>
    /// <param name="options">Resamples, at least 1, seed and threads.</param>
    /// <param name="slices">Parts of the rows to judge, too; those without a row are left out.</param>
    /// <param name="leastRecall">Share of its positives that every part should have acted on, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    public static DecisionReport Judge(
        DecisionRule rule, RowScores scores, DecisionCosts costs, EvaluationOptions options,
        IReadOnlyList<RowSlice>? slices = null, double leastRecall = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(costs);
        ArgumentOutOfRangeException.ThrowIfNotEqual((int)scores.Target.Kind, (int)RowTargetKind.Binary, nameof(scores));
        Dictionary<string, DecisionReport> parts = new(StringComparer.Ordinal);
        foreach (RowSlice slice in (slices ?? []).Where(static slice => slice.Rows.Length > 0))
        {
            parts.Add(slice.Name, Judge(
                rule, scores.Take(slice.Rows), costs, options, cancellationToken: cancellationToken));
        }

        Confusion found = default;
        double abstained = 0;
        double all = 0;
        double[] ruled = new double[scores.Count];
        double[] always = new double[scores.Count];
        double[] never = new double[scores.Count];
        for (int row = 0; row < scores.Count; row++)
        {
            bool isPositive = scores.Labels[row] > 0;
            double weight = scores.Weights.Length == 0 ? 1 : scores.Weights[row];
            Decision decision = rule.Decide(LogOdds.ToProbability(scores.Values[row]));
            ruled[row] = costs.Of(decision, isPositive);
            always[row] = costs.Of(Decision.Act, isPositive);
            never[row] = costs.Of(Decision.Pass, isPositive);
            found.Add(decision == Decision.Act, isPositive, weight);
            abstained += decision == Decision.Abstain ? weight : 0;
            all += weight;
        }

        RowStatistic cost = RowMean.Of(ruled);
        RowStatistic alwaysCost = RowMean.Of(always);
        RowStatistic neverCost = RowMean.Of(never);
        double[][] figures = Resample(
            scores, options, cancellationToken, cost, alwaysCost, neverCost,
            weights => Math.Min(alwaysCost(weights), neverCost(weights)) - cost(weights));
        double[] costs95 = Bootstrap.Interval(figures[0][1..]);
        double[] savings95 = Bootstrap.Interval(figures[3][1..]);
        return new DecisionReport(
            rule, figures[0][0], costs95[0], costs95[1], figures[1][0], figures[2][0], savings95[0], savings95[1],
            (found.TruePositives + found.FalsePositives) / all, abstained / all, found.Precision, found.Recall)
        {
            Slices = parts,
            BelowFloor =
            [
                .. (slices ?? []).Where(slice => Array.Exists(slice.Rows, row => scores.Labels[row] > 0)
                    && parts[slice.Name].Recall < leastRecall).Select(static slice => slice.Name),
            ],
        };
    }

    /// <summary>Figures of all rows, then of each resample.</summary>
    private static double[][] Resample(
        RowScores scores, EvaluationOptions options, CancellationToken cancellationToken, params RowStatistic[] statistics)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BootstrapSamples, 1, nameof(options));
        JudgedRows rows = new(scores, options.Threshold);
        RowUnits units = new(scores);
        double[][] resampled = Bootstrap.Resample(
            units.Count, statistics.Length, options, () => new ResampledRows(rows, units, statistics), cancellationToken,
            units.Strata);
        return [.. statistics.Select((statistic, i) => (double[])[RowEvaluation.Once(rows, statistic), .. resampled[i]])];
    }
}
