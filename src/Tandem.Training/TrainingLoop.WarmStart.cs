using System.Diagnostics;
using System.Globalization;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>Models that go on from an earlier one.</summary>
public sealed partial class TrainingLoop
{
    private const int OverlapLength = 10;

    /// <summary>What a candidate goes on from, where the file asks for it, and in words what became of that; null and null where
    /// it does not ask.</summary>
    private (WarmStart? Start, string? Words) StartOf(ModelChoiceSpec choice, Champion? champion, TrainingData data)
    {
        if (!_spec.Training.WarmStart)
        {
            return (null, null);
        }

        ModelKind kind = _catalogue.Find(choice.Kind);
        IItemScorer? earlier = champion?.Scorer;
        string? obstacle = champion is null || earlier is null ? "there is no champion"
            : _spec.Training.Split.By != "time" ? "without a split by time the champion saw rows that judge"
            : champion.AsOf > data.TestStart - _spec.Training.Split.Gap ? "the champion saw the test window"
            : kind.ReadsAttributes && data.Judged is not null ? "features are encoded anew for each version"
            : !kind.GoesOnFrom(earlier, choice.Parameters)
                ? $"{kind.Name} does not go on from the champion's {earlier.Kind} of its sizes"
            : null;
        return obstacle is null
            ? (new WarmStart(
                earlier!, ChampionScorer.Map(data.Users, champion!.Users),
                ChampionScorer.Map(data.Items, champion.Items)),
                string.Create(CultureInfo.InvariantCulture, $"went on from version {champion!.Version}"))
            : (null, $"fitted anew: {obstacle}");
    }

    /// <summary>Fits candidates on the oldest of the training rows, lets them go on with the newest, and judges them beside those
    /// that were fitted on all: how far apart are they, and what does each take?</summary>
    private IEnumerable<ModelEvaluation> JudgeUpdates(
        IReadOnlyList<(ModelChoiceSpec Choice, Contender Contender)> candidates, double share, TrainingData data,
        EvaluationOptions options, IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        Interactions oldest = DataSplit.Oldest(data.Split.Train, 1 - share, _spec.Training.Seed);
        foreach ((ModelChoiceSpec choice, Contender whole) in candidates)
        {
            if (!whole.Kind.GoesOnFrom(whole.Scorer, choice.Parameters))
            {
                continue;
            }

            string name = $"{whole.Name} (updated)";
            FitContext context = Context(progress, $"fit {name}");
            IItemScorer earlier = Fit(choice, oldest, context, cancellationToken);
            yield return Judge(earlier, $"{whole.Name} (oldest)", Stopwatch.GetTimestamp());

            long stamp = Stopwatch.GetTimestamp();
            var start = WarmStart.Of(earlier, oldest.UserCount);
            yield return Judge(
                Fit(choice, data.Split.Train, context with { WarmStart = start }, cancellationToken), name, stamp);
            progress?.Report(($"fit {name}", 1));

            ModelEvaluation Judge(IItemScorer scorer, string called, long since)
            {
                ModelEvaluation found = Evaluation.Run(called, scorer, data.Split, options, cancellationToken);
                return found with
                {
                    Seconds = Stopwatch.GetElapsedTime(since).TotalSeconds,
                    Metrics = found.Metrics.Append(new(
                        $"overlap@{OverlapLength}",
                        Evaluation.Overlap(whole.Scorer, scorer, data.Split, OverlapLength, options, cancellationToken)))
                        .ToDictionary(StringComparer.Ordinal),
                };
            }
        }
    }
}
