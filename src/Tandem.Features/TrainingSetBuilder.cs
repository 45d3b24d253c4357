using Tandem.Features.Evaluation;
using Tandem.Lake;

namespace Tandem.Features;

/// <summary>Joins features to a spine as of each row's moment, from the lake, with the evaluation that serves
/// online.</summary>
public static class TrainingSetBuilder
{
    /// <summary>Builds a training set. Every row of the spine is kept, in order; a value that does not exist is
    /// NaN.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="spine">The rows.</param>
    /// <param name="set">The features.</param>
    /// <param name="asOf">The moment the set stands for; no row may lie after it.</param>
    /// <param name="progress">Receives the finished share, or null.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA010: the spine lacks an entity; FEA011: a row lies after
    /// <paramref name="asOf"/>.</exception>
    /// <remarks>Where the spine says how far in the log a row had seen, events from there on are not for it. One sorted
    /// scan a series; O(events + rows · log events). Holds the events of one entity at a
    /// time. The work is done on a thread of the pool.</remarks>
    public static Task<TrainingSet> BuildAsync(
        LakeSnapshot snapshot, Spine spine, FeatureSet set, DateTimeOffset asOf, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        spine.Check();
        foreach (string entity in set.Entities)
        {
            if (entity != FeatureView.GlobalEntity && !spine.Entities.Contains(entity, StringComparer.Ordinal))
            {
                throw FeaturesErrors.MissingEntity(entity);
            }
        }

        long newest = spine.Count == 0 ? long.MinValue : spine.Times.Max();
        if (newest > Micros.Of(asOf))
        {
            throw FeaturesErrors.FromTheFuture(Micros.Moment(newest), asOf);
        }

        return Task.Run(() => Build(snapshot, spine, set, asOf, progress, cancellationToken), cancellationToken);
    }

    private static TrainingSet Build(
        LakeSnapshot snapshot, Spine spine, FeatureSet set, DateTimeOffset asOf, IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        float[] values = new float[(long)spine.Count * set.Count];
        Array.Fill(values, float.NaN);
        var features = new Dictionary<(string, string), (int Series, FeaturePlan Plan)>();
        IReadOnlyList<SeriesPlan> plans = SeriesPlan.PlanAll(set.Views, features);
        for (int p = 0; p < plans.Count; p++)
        {
            (int Index, FeaturePlan Plan)[] wanted =
            [
                .. set.Features
                    .Select((f, i) => (Index: i, Found: features[(f.View.Name, f.Feature.Name)]))
                    .Where(f => f.Found.Series == p)
                    .Select(f => (f.Index, f.Found.Plan)),
            ];
            if (spine.SeenUntil.Length == 0 && TableJoin.Fits(plans[p], wanted))
            {
                TableJoin.Run(snapshot, plans[p], spine, wanted, values, set.Count, cancellationToken);
            }
            else if (wanted.Length > 0)
            {
                var replay = new SeriesReplay(plans[p], spine, wanted, values, set.Count);
                replay.Run(snapshot, asOf, cancellationToken);
            }

            progress?.Report((p + 1) / (double)plans.Count);
        }

        return new TrainingSet(set, spine, values, snapshot.Manifest.Number, asOf);
    }
}
