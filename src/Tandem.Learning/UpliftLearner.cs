using Tandem.Faults;

namespace Tandem.Learning;

/// <summary>Fits models of what a treatment changes: the mean outcome of a row if treated, less that if not.</summary>
/// <remarks>Treatment must have been drawn at random, each row with the same probability. Formulas:
/// <c>docs/judging-rows.md</c>.</remarks>
public static class UpliftLearner
{
    /// <summary>Fits one model on the treated and one on the others; the uplift is the difference of their means.</summary>
    /// <param name="rows">The rows, of labels 1 and 0 or numbers.</param>
    /// <param name="kind">Kind of both models.</param>
    /// <param name="parameters">Its settings by name.</param>
    /// <param name="context">Seed and threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TandemException">LRN072: nobody was treated, or everybody; and what the kind refuses.</exception>
    public static UpliftModel FitTwoModels(
        TreatedRows rows, RowModelKind kind, IReadOnlyDictionary<string, double> parameters, FitContext context,
        CancellationToken cancellationToken = default)
    {
        rows.ThrowUnlessBothArms();
        IRowScorer treated = kind.Fit(rows.Arm(isTreated: true), parameters, context, cancellationToken);
        IRowScorer others = kind.Fit(rows.Arm(isTreated: false), parameters, context, cancellationToken);
        return new UpliftModel(treated, others);
    }

    /// <summary>Fits one model on outcomes transformed so that their mean is the uplift. Kinds that predict numbers learn
    /// z = y·(t − e) / (e·(1 − e)), e the share of the treated; others, of labels 1 and 0, learn whether y = t with weights
    /// 1/e and 1/(1 − e), whose probability p makes the uplift 2p − 1.</summary>
    /// <param name="rows">The rows, of labels 1 and 0 or numbers.</param>
    /// <param name="kind">Kind of the model.</param>
    /// <param name="parameters">Its settings by name.</param>
    /// <param name="context">Seed and threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TandemException">LRN072: nobody was treated, or everybody; and what the kind refuses.</exception>
    /// <remarks>S. Athey and G. Imbens, Machine learning methods for estimating heterogeneous causal effects, 2015;
    /// M. Jaskowski and S. Jaroszewicz, Uplift modeling for clinical trial data, 2012.</remarks>
    public static UpliftModel FitTransformed(
        TreatedRows rows, RowModelKind kind, IReadOnlyDictionary<string, double> parameters, FitContext context,
        CancellationToken cancellationToken = default)
    {
        rows.ThrowUnlessBothArms();
        double e = rows.TreatedShare;
        bool isNumber = kind.Targets.Contains(RowTargetKind.Number) || rows.Rows.Target.Kind != RowTargetKind.Binary;
        float[] labels = new float[rows.Rows.Count];
        float[] weights = new float[labels.Length];
        for (int row = 0; row < labels.Length; row++)
        {
            bool isTreated = rows.IsTreated[row];
            double own = rows.Rows.Weights.Length == 0 ? 1 : rows.Rows.Weights[row];
            double y = rows.Rows.Labels[row];
            labels[row] = isNumber
                ? (float)(y * (isTreated ? 1 / e : -1 / (1 - e)))
                : y > 0 == isTreated ? 1 : 0;
            weights[row] = (float)(isNumber ? own : own / (2 * (isTreated ? e : 1 - e)));
        }

        LabelledRows transformed = rows.Rows with
        {
            Target = isNumber ? new RowTarget(RowTargetKind.Number) : RowTarget.Binary,
            Labels = labels,
            Weights = isNumber && rows.Rows.Weights.Length == 0 ? [] : weights,
        };
        return new UpliftModel(kind.Fit(transformed, parameters, context, cancellationToken), null);
    }
}
