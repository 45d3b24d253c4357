using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training.Outcomes;

/// <summary>A model that predicts, judged in a run; or the base rate, or the champion, to be measured against.</summary>
/// <param name="Evaluation">Its figures.</param>
/// <param name="Scores">What it said of the later rows.</param>
internal sealed record OutcomeContender(ModelEvaluation Evaluation, RowScores Scores)
{
    /// <summary>How it was chosen; null where it cannot be registered.</summary>
    public ModelChoiceSpec? Choice { get; init; }

    /// <summary>The model, fitted on the earlier rows; null where it cannot be registered.</summary>
    public IRowScorer? Scorer { get; init; }

    /// <summary>How its scores became probabilities; null where nothing was asked for.</summary>
    public CalibrationReport? Calibration { get; init; }
}
