namespace Tandem.Learning;

/// <summary>What a model is fitted on: labelled rows as they are, or as a method for rare positives left them. Models read
/// it, and nothing that judges does: by design there is no way back to <see cref="LabelledRows"/>, so that no figure is
/// ever measured on rows that were made up, dropped or weighed.</summary>
/// <remarks>Where the share of positives was changed, fitting shifts the scores back, so that they mean probabilities of
/// the rows as they were: see <see cref="LogOddsShift"/>.</remarks>
public sealed class TrainingRows
{
    // Below it weights in float32 alone explain the difference.
    private const double LeastShift = 1e-6;

    private TrainingRows(LabelledRows rows, double? rateBefore, double negativesKept, double focalGamma)
    {
        Rows = rows;
        PositiveRate = PositiveRateOf(rows);
        PositiveRateBefore = rateBefore ?? PositiveRate;
        NegativesKept = negativesKept;
        FocalGamma = focalGamma;
    }

    /// <summary>Number of rows.</summary>
    public int Count => Rows.Count;

    /// <summary>What a label says.</summary>
    public RowTarget Target => Rows.Target;

    /// <summary>Share of positives, by weight, that the model sees; 0 where labels are not 1 or 0.</summary>
    public double PositiveRate { get; }

    /// <summary>Share of positives, by weight, of the rows as they were: what the scores mean.</summary>
    public double PositiveRateBefore { get; }

    /// <summary>Share of the negatives that was kept, by number of rows; 1 where none was dropped.</summary>
    public double NegativesKept { get; }

    /// <summary>What is added to the log-odds that a model learns from these rows: the log-odds of the share of positives
    /// before, less those after. Where only a share β of the negatives was kept it is ln β.</summary>
    /// <remarks>p = β·pₛ / (β·pₛ − pₛ + 1): A. Dal Pozzolo, O. Caelen, R. A. Johnson and G. Bontempi, Calibrating probability
    /// with undersampling for unbalanced classification, 2015; for any change of the prior C. Elkan, The foundations of
    /// cost-sensitive learning, 2001.</remarks>
    public double LogOddsShift
    {
        get
        {
            double shift = PositiveRate == PositiveRateBefore ? 0 : LogOdds.Of(PositiveRateBefore) - LogOdds.Of(PositiveRate);
            return Math.Abs(shift) < LeastShift ? 0 : shift;
        }
    }

    /// <summary>The rows, for trainers alone.</summary>
    internal LabelledRows Rows { get; }

    /// <summary>γ of the focal loss that takes the place of the log-loss; 0 for the log-loss.</summary>
    internal double FocalGamma { get; }

    /// <summary>Rows as they are.</summary>
    /// <param name="rows">The rows.</param>
    public static TrainingRows FromLabelledRows(LabelledRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new TrainingRows(rows, rateBefore: null, negativesKept: 1, focalGamma: 0);
    }

    /// <summary>Rows as they are.</summary>
    /// <param name="rows">The rows.</param>
    public static implicit operator TrainingRows(LabelledRows rows) => FromLabelledRows(rows);

    /// <summary>What a method made of rows.</summary>
    internal static TrainingRows Made(LabelledRows before, LabelledRows after)
    {
        int negatives = after.Labels.Count(static label => label == 0);
        return new TrainingRows(
            after, PositiveRateOf(before),
            Math.Min(1, negatives / Math.Max(1.0, before.Labels.Count(static label => label == 0))), focalGamma: 0);
    }

    /// <summary>Rows as they are, to be fitted by the focal loss.</summary>
    internal static TrainingRows Focused(LabelledRows rows, double gamma) =>
        new(rows, rateBefore: null, negativesKept: 1, gamma);

    // Of rows that nobody has checked yet.
    private static double PositiveRateOf(LabelledRows rows)
    {
        bool fits = rows.Weights.Length == 0 || rows.Weights.Length == rows.Labels.Length;
        if (rows.Target.Kind != RowTargetKind.Binary || !fits)
        {
            return 0;
        }

        double positives = 0;
        double all = 0;
        for (int row = 0; row < rows.Labels.Length; row++)
        {
            double weight = rows.Weights.Length == 0 ? 1 : rows.Weights[row];
            all += weight;
            positives += rows.Labels[row] > 0 ? weight : 0;
        }

        return all > 0 ? positives / all : 0;
    }
}
