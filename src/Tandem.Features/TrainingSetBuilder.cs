using Tandem.Features.Evaluation;
using Tandem.Lake;
using Tandem.Spec;

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

        if (set.RequestColumns.FirstOrDefault(column => !spine.Request.ContainsKey(column)) is { } missing)
        {
            throw FeaturesErrors.MissingRequest(missing);
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
        (string View, string Feature, AnswerColumn Column)[] columns =
        [
            .. set.Features.Select((f, i) => (f.View.Name, f.Feature, Index: i)).Where(f => f.Feature.Computed is null)
                .Select(f => (f.Name, f.Feature.Name, (AnswerColumn)new AnswerColumn.Vector(values, set.Count, f.Index))),
            .. set.Compute?.Leaves.Select(leaf => (leaf.View!.Name, leaf.Feature!.Name, NewColumn(leaf, spine.Count))) ?? [],
        ];
        SourceShape[] shapes = [.. plans.Select(static plan => plan.Shape).Distinct().Where(static shape => shape.Attributes.Any())];
        TableHistory? tables = shapes.Length == 0 ? null : TableHistory.Read(snapshot, shapes, asOf, cancellationToken);
        for (int p = 0; p < plans.Count; p++)
        {
            (FeaturePlan Plan, AnswerColumn Column)[] wanted =
            [
                .. columns.Select(each => (Found: features[(each.View, each.Feature)], each.Column))
                    .Where(each => each.Found.Series == p)
                    .Select(each => (each.Found.Plan, each.Column)),
            ];
            if (spine.SeenUntil.Length == 0 && TableJoin.Fits(plans[p], wanted))
            {
                TableJoin.Run(snapshot, plans[p], spine, wanted, cancellationToken);
            }
            else if (wanted.Length > 0)
            {
                var replay = new SeriesReplay(plans[p], spine, wanted, tables);
                replay.Run(snapshot, asOf, cancellationToken);
            }

            progress?.Report((p + 1) / (double)plans.Count);
        }

        if (set.Compute is not null)
        {
            Compute(set, spine, columns[^set.Compute.Leaves.Count..], values);
        }

        return new TrainingSet(set, spine, values, snapshot.Manifest.Number, asOf);
    }

    private static AnswerColumn NewColumn(ComputeInput leaf, int rows) => leaf.Type == ExpressionType.Text
        ? new AnswerColumn.Text(rows)
        : new AnswerColumn.Number(rows);

    /// <summary>Computes what is computed from other features, row by row, as an answer does.</summary>
    private static void Compute(
        FeatureSet set, Spine spine, (string View, string Feature, AnswerColumn Column)[] leaves, float[] values)
    {
        ComputePlan plan = set.Compute!;
        ComputeRow row = new(plan);
        RequestColumn[] requests = [.. plan.Requests.Select(request => spine.Request[request.Column!])];
        for (int r = 0; r < spine.Count; r++)
        {
            row.Begin(spine.Times[r]);
            for (int c = 0; c < requests.Length; c++)
            {
                Set(c, requests[c].Numbers, requests[c].Texts, r);
            }

            for (int leaf = 0; leaf < leaves.Length; leaf++)
            {
                Set(
                    requests.Length + leaf, (leaves[leaf].Column as AnswerColumn.Number)?.Values ?? [],
                    (leaves[leaf].Column as AnswerColumn.Text)?.Values ?? [], r);
            }

            row.Run();
            set.TakeComputed(row, values.AsSpan(r * set.Count, set.Count));
        }

        void Set(int cell, double[] numbers, string?[] texts, int at)
        {
            if (numbers.Length > 0)
            {
                row.Set(cell, numbers[at]);
            }
            else
            {
                row.Set(cell, texts[at]);
            }
        }
    }
}
