using Tandem.Faults;

namespace Tandem.Learning;

/// <summary>What the features of a row add to one of its scores: base + contributions + rest = margin.</summary>
/// <param name="Base">What all rows start from: of trees the mean score of the training rows, of a linear model the score of a
/// row of zeros.</param>
/// <param name="Margin">The score, before a map by calibration: log-odds where the model says chances (of a model of the focal
/// loss before that is undone), logits of classes, numbers, quantiles before they are put in order.</param>
/// <param name="Contributions">The features that move the score most, the largest first, whichever way.</param>
/// <param name="Rest">What all other features add together.</param>
public sealed record Explanation(double Base, double Margin, IReadOnlyList<Contribution> Contributions, double Rest)
{
    /// <summary>Explains one row.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="rows">Rows, of the model's width.</param>
    /// <param name="row">Which of them.</param>
    /// <param name="names">Names of the features.</param>
    /// <param name="featureOfDense">Index of the feature behind each dense column.</param>
    /// <param name="featureOfSparse">Index of the feature behind each sparse column.</param>
    /// <param name="most">Contributions to name at most, ≥ 0.</param>
    /// <returns>One explanation a score.</returns>
    /// <exception cref="TandemException">LRN073: models of this kind do not say what a feature adds.</exception>
    /// <remarks>S. Lundberg and S. Lee, <em>A unified approach to interpreting model predictions</em>, 2017: additive
    /// explanations, so that what the columns of one feature add may be summed.</remarks>
    public static IReadOnlyList<Explanation> Of(
        IRowScorer scorer, in FeatureRows rows, int row, IReadOnlyList<string> names, IReadOnlyList<int> featureOfDense,
        IReadOnlyList<int> featureOfSparse, int most)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(names);
        IExplainedScorer explained = Explainer(scorer)
            ?? throw new TandemException(LearningErrors.NotExplained(scorer.Kind));
        double shift = scorer is AdjustedScorer { FocalGamma: 0 } adjusted ? adjusted.LogOddsShift : 0;
        int width = names.Count + 1;
        double[] added = new double[scorer.Target.OutputCount * width];
        explained.Explain(in rows, row, featureOfDense, featureOfSparse, added);
        var all = new Explanation[scorer.Target.OutputCount];
        for (int output = 0; output < all.Length; output++)
        {
            double[] own = added[(output * width)..((output + 1) * width)];
            Contribution[] ordered =
            [
                .. names.Select((name, feature) => new Contribution(name, own[feature]))
                    .Where(static each => each.Value != 0).OrderByDescending(static each => Math.Abs(each.Value)),
            ];
            double start = own[^1] + shift;
            all[output] = new Explanation(
                start, start + ordered.Sum(static each => each.Value), [.. ordered.Take(most)],
                ordered.Skip(most).Sum(static each => each.Value));
        }

        return all;
    }

    /// <summary>The model that can explain, inside what adjusts its scores; null where its kind cannot.</summary>
    internal static IExplainedScorer? Explainer(IRowScorer scorer) =>
        ((scorer as AdjustedScorer)?.Inner ?? scorer) as IExplainedScorer;
}
