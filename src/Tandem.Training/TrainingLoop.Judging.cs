using Tandem.Learning;
using Tandem.Spec;
using Tandem.Training.Ranking;

namespace Tandem.Training;

public sealed partial class TrainingLoop
{
    /// <summary>Lets the gate decide: by whole pipelines, on the same lists, where the metric is one of shown lists and
    /// either side orders by features; else by retrieval.</summary>
    private GateVerdict Decide(
        Contender best, Contender? baseline, RankOutcome? rank, Champion? champion, ChampionScorer? scorer,
        TrainingData data, CancellationToken cancellationToken)
    {
        GateSpec gate = _spec.Evaluation.Gate;
        bool isRanked = gate.Metric == Evaluation.ShownAuc && rank?.Pipeline is not null
            && (rank.Report.IsKept || champion?.Rank is not null);
        Judgement candidate = isRanked ? rank!.Pipeline! : best.By(gate.Metric);
        Judgement? against = isRanked ? rank!.Reference
            : scorer is null ? baseline?.By(gate.Metric)
            : JudgeChampion(scorer, data, cancellationToken);
        double alone = isRanked
            ? Evaluation.Summarise(candidate, Options(), cancellationToken).Metrics[gate.Metric]
            : best.Evaluation.Metrics.GetValueOrDefault(gate.Metric);
        if (against is null)
        {
            return PromotionGate.Unopposed(gate, alone);
        }

        return PromotionGate.Decide(
            gate, champion?.Name ?? against.Name, "users", Evaluation.Compare(against, candidate, gate.Metric, Options().Paired, cancellationToken));
    }

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
