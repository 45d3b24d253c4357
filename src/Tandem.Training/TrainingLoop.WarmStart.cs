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
    /// that were fitted on all: how far apart are they, and what does each take? What chance alone makes of it is told by one
    /// fitted on all from another seed.</summary>
    private IEnumerable<ModelEvaluation> JudgeUpdates(
        IReadOnlyList<(ModelChoiceSpec Choice, Contender Contender)> candidates, double share, TrainingData data,
        EvaluationOptions options, IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        Interactions all = data.Split.Train;
        Interactions oldest = DataSplit.Oldest(all, 1 - share, _spec.Training.Seed);
        foreach ((ModelChoiceSpec choice, Contender whole) in candidates)
        {
            if (!whole.Kind.GoesOnFrom(whole.Scorer, choice.Parameters))
            {
                continue;
            }

            FitContext context = Context(progress, "");
            (IItemScorer earlier, ModelEvaluation before) = Judge("oldest", oldest, context);
            yield return before;
            yield return Judge("updated", all, context with { WarmStart = WarmStart.Of(earlier, oldest.UserCount) }).Figures;
            yield return Judge("another seed", all, context with { Seed = context.Seed + 1 }).Figures;

            (IItemScorer Scorer, ModelEvaluation Figures) Judge(string which, Interactions rows, FitContext how)
            {
                string name = $"{whole.Name} ({which})";
                long stamp = Stopwatch.GetTimestamp();
                how = how with { Progress = Context(progress, $"fit {name}").Progress };
                IItemScorer scorer = Fit(choice, rows, how, cancellationToken);
                progress?.Report(($"fit {name}", 1));
                progress?.Report(($"judge {name}", 0));
                ModelEvaluation found = Evaluation.Run(name, scorer, data.Split, options, cancellationToken);
                double seconds = Stopwatch.GetElapsedTime(stamp).TotalSeconds;
                double overlap = Evaluation.Overlap(
                    whole.Scorer, scorer, data.Split, OverlapLength, options, cancellationToken);
                progress?.Report(($"judge {name}", 1));
                return (scorer, found with
                {
                    Seconds = seconds,
                    Metrics = found.Metrics.Append(new($"overlap@{OverlapLength}", overlap))
                        .ToDictionary(StringComparer.Ordinal),
                });
            }
        }
    }
}
