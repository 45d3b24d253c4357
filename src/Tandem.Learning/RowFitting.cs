using Tandem.Learning.Imbalance;

namespace Tandem.Learning;

/// <summary>How a design has models of rows fitted: against rare positives, then calibrated.</summary>
/// <param name="Imbalance">The method for rare positives.</param>
/// <param name="Calibration">One of <see cref="Calibrator.Names"/>.</param>
public sealed record RowFitting(ImbalanceChoice Imbalance, string Calibration)
{
    /// <summary>Rows as they are, and scores as they come.</summary>
    public static RowFitting Plain { get; } = new(ImbalanceChoice.None, Calibrator.None);

    /// <summary>Fits a model.</summary>
    /// <param name="kind">The kind of model.</param>
    /// <param name="rows">The rows to learn from: all that methods and maps see.</param>
    /// <param name="parameters">The model's settings.</param>
    /// <param name="context">Seed and threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The model, at which shares of positives it was fitted and scores, and what became of its calibration; null where
    /// none was asked for.</returns>
    /// <exception cref="Faults.TandemException">What the method, the kind and the calibration refuse.</exception>
    public (IRowScorer Scorer, BaseRates Rates, CalibrationReport? Calibration) Fit(
        RowModelKind kind, LabelledRows rows, IReadOnlyDictionary<string, double> parameters, FitContext context,
        CancellationToken cancellationToken = default)
    {
        (IRowScorer scorer, BaseRates rates) = Imbalance.Fit(kind, rows, parameters, context, cancellationToken);
        if (Calibration == Calibrator.None)
        {
            return (scorer, rates, null);
        }

        FitContext quiet = context with { Progress = null };
        (scorer, CalibrationReport report) = Calibrator.Calibrate(
            scorer, rows, Calibration, part => Imbalance.Fit(kind, part, parameters, quiet, cancellationToken).Scorer,
            context.Seed);
        return (scorer, rates, report);
    }
}
