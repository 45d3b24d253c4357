using Tandem.Learning.Ranking;
using Tandem.Learning.Rows;

namespace Tandem.Learning;

/// <summary>Judges models of uplift on rows of which some were treated at random.</summary>
/// <remarks>Formulas: <c>docs/judging-rows.md</c>. The same figures for any thread count.</remarks>
public static class UpliftEvaluation
{
    private static readonly string[] Names = ["qini", "auuc", "effect"];

    /// <summary>Name and meaning of each figure; of all but the effect, which is no model's, higher is better.</summary>
    public static IReadOnlyList<(string Name, string Summary)> Metrics { get; } =
    [
        ("qini", "Area between the uplift curve and chance."),
        ("auuc", "Area under the uplift curve."),
        ("effect", "What treating everybody changes, a row."),
    ];

    /// <summary>Judges one model: <c>qini</c>, <c>auuc</c>, and the mean <c>effect</c> of the treatment, with
    /// intervals.</summary>
    /// <param name="name">Name of the model in the result.</param>
    /// <param name="uplift">Its scores of rows that it did not see.</param>
    /// <param name="outcomes">What came of each row, as long.</param>
    /// <param name="isTreated">True for the treated, as long; there are both.</param>
    /// <param name="options">Resamples, seed and threads.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <exception cref="Faults.TandemException">LRN072: nobody was treated, or everybody.</exception>
    public static ModelEvaluation Run(
        string name, float[] uplift, float[] outcomes, bool[] isTreated, EvaluationOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        UpliftCurve curve = new(uplift, outcomes, isTreated);
        double[] figures = new double[Names.Length];
        int[] once = new int[curve.Count];
        Array.Fill(once, 1);
        curve.Compute(once, figures);
        Dictionary<string, double[]> intervals = new(StringComparer.Ordinal);
        if (options.BootstrapSamples > 0)
        {
            double[][] resampled = Bootstrap.Resample(
                curve.Count, Names.Length, options, () => curve, cancellationToken, curve.Arms());
            for (int i = 0; i < Names.Length; i++)
            {
                intervals[Names[i]] = Bootstrap.Interval(resampled[i]);
            }
        }

        Dictionary<string, double> metrics = new(StringComparer.Ordinal);
        for (int i = 0; i < Names.Length; i++)
        {
            metrics[Names[i]] = figures[i];
        }

        return new ModelEvaluation(name, metrics, intervals, Seconds: 0);
    }

    /// <summary>Compares the <c>qini</c> of two models on the same rows and resamples.</summary>
    /// <param name="champion">Scores of the model to beat.</param>
    /// <param name="challenger">Scores of the other, as long.</param>
    /// <param name="outcomes">What came of each row.</param>
    /// <param name="isTreated">True for the treated.</param>
    /// <param name="options">Resamples, at least 1, seed and threads.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    public static MetricComparison Compare(
        float[] champion, float[] challenger, float[] outcomes, bool[] isTreated, EvaluationOptions options,
        CancellationToken cancellationToken = default)
    {
        UpliftCurve first = new(champion, outcomes, isTreated);
        UpliftCurve second = new(challenger, outcomes, isTreated);
        return Bootstrap.Compare(
            Names[0], first.Count, options, () => new PairedDifference(first, second), cancellationToken, first.Arms());
    }
}
