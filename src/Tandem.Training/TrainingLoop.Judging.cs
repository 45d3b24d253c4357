using Tandem.Learning;

namespace Tandem.Training;

public sealed partial class TrainingLoop
{
    private Judgement? JudgeChampion(ChampionScorer scorer, TrainingData data, CancellationToken cancellationToken) =>
        _spec.Evaluation.Gate.Metric == Evaluation.ShownAuc
            ? JudgeShown("champion", scorer, data, cancellationToken)
            : Evaluation.Judge("champion", scorer, data.Split, Options(), cancellationToken);

    /// <summary>Judges on lists really shown, where the file asks for it.</summary>
    private Judgement? JudgeShown(
        string name, IItemScorer scorer, TrainingData data, CancellationToken cancellationToken)
    {
        bool isAsked = _spec.Evaluation.Gate.Metric == Evaluation.ShownAuc
            || _spec.Evaluation.Metrics.Contains(Evaluation.ShownAuc, StringComparer.Ordinal);
        return !isAsked
            ? null
            : data.Shown is not null
                && Evaluation.JudgeShown(
                    name, scorer, data.Split, data.Shown, Options(), cancellationToken) is { } shown
                ? shown
                : throw TrainingErrors.NothingShown(_spec.Objective.Label.Impression);
    }

    private ModelEvaluation Summarise(Judgement judgement, Judgement? shown, CancellationToken cancellationToken)
    {
        ModelEvaluation all = Evaluation.Summarise(judgement, Options(), cancellationToken);
        if (shown is null)
        {
            return all;
        }

        ModelEvaluation more = Evaluation.Summarise(shown, Options(), cancellationToken);
        return all with
        {
            Metrics = more.Metrics.Concat(all.Metrics).ToDictionary(StringComparer.Ordinal),
            Intervals = more.Intervals.Concat(all.Intervals).ToDictionary(StringComparer.Ordinal),
        };
    }
}
