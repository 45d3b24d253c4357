using Tandem.Features.Evaluation;
using Tandem.Lake;
using Tandem.Spec;
using Tandem.Storage;

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
    /// <param name="earlier">Where columns may be taken over from that would come out the same; null computes all.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA010: the spine lacks an entity; FEA011: a row lies after
    /// <paramref name="asOf"/>.</exception>
    /// <remarks>Where the spine says how far in the log a row had seen, events from there on are not for it. One sorted
    /// scan a series, which the lake spills where its memory does not suffice; O(events + rows · log events). Beside the
    /// rows and their values it holds the events of one entity of each series at a time. Series are worked on side by
    /// side, a processor each.</remarks>
    public static Task<TrainingSet> BuildAsync(
        LakeSnapshot snapshot, Spine spine, FeatureSet set, DateTimeOffset asOf, IProgress<double>? progress = null,
        EarlierSets? earlier = null, CancellationToken cancellationToken = default)
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

        return Task.Run(() => RunAsync(snapshot, spine, set, asOf, progress, earlier, cancellationToken), cancellationToken);
    }

    private static async Task<TrainingSet> RunAsync(
        LakeSnapshot snapshot, Spine spine, FeatureSet set, DateTimeOffset asOf, IProgress<double>? progress,
        EarlierSets? earlier, CancellationToken cancellationToken)
    {
        byte[] rows = TrainingTable.WriteRows(spine);
        SortedDictionary<string, string> sources = new(
            set.Views.SelectMany(static view => view.Sources).Distinct(StringComparer.Ordinal)
                .ToDictionary(source => source, source => snapshot.HashOf(source, asOf), StringComparer.Ordinal),
            StringComparer.Ordinal);
        var description = TrainingSetDescription.Of(
            set, spine, ContentHash.Of(rows), snapshot.Manifest.Number, asOf, sources);
        float[] values = new float[(long)spine.Count * set.Count];
        Array.Fill(values, float.NaN);
        IReadOnlyDictionary<string, string> taken = earlier is null
            ? new Dictionary<string, string>(StringComparer.Ordinal)
            : await earlier.TakeAsync(set, description, values, cancellationToken).ConfigureAwait(false);
        var features = new Dictionary<(string, string), (int Series, FeaturePlan Plan)>();
        IReadOnlyList<SeriesPlan> plans = SeriesPlan.PlanAll(set.Views, features);
        (string View, string Feature, AnswerColumn Column)[] leaves =
            [.. set.Compute?.Leaves.Select(leaf => (leaf.View!.Name, leaf.Feature!.Name, NewColumn(leaf, spine.Count))) ?? []];
        ILookup<int, (FeaturePlan Plan, AnswerColumn Column)> wanted = set.Features
            .Select((f, i) => (View: f.View.Name, f.Feature, Index: i))
            .Where(f => f.Feature.Computed is null && !taken.ContainsKey(f.View))
            .Select(f => (f.View, Feature: f.Feature.Name, Column: (AnswerColumn)new AnswerColumn.Vector(values, set.Count, f.Index)))
            .Concat(leaves)
            .Select(each => (Found: features[(each.View, each.Feature)], each.Column))
            .ToLookup(each => each.Found.Series, each => (each.Found.Plan, each.Column));
        SourceShape[] shapes = [.. plans.Select(static plan => plan.Shape).Distinct().Where(static shape => shape.Attributes.Any())];
        TableHistory? tables = shapes.Length == 0 ? null : TableHistory.Read(snapshot, shapes, asOf, cancellationToken);
        int done = 0;

        // Each fills columns of its own. What computes cells keeps room for them, so those of one source take turns.
        IEnumerable<int[]> turns = Enumerable.Range(0, plans.Count)
            .GroupBy(p => plans[p].Shape.Computes ? plans[p].Shape : (object)plans[p]).Select(turn => turn.ToArray());
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(
            turns,
            parallel,
            (turn, token) =>
            {
                foreach (int p in turn)
                {
                    Fill(snapshot, plans[p], spine, [.. wanted[p]], tables, asOf, token);
                    progress?.Report(Interlocked.Increment(ref done) / (double)plans.Count);
                }

                return ValueTask.CompletedTask;
            }).ConfigureAwait(false);
        if (set.Compute is not null)
        {
            Compute(set, spine, leaves, values);
        }

        return new TrainingSet(description, spine, rows, values) { Reused = taken };
    }

    private static void Fill(
        LakeSnapshot snapshot, SeriesPlan plan, Spine spine, (FeaturePlan Plan, AnswerColumn Column)[] wanted,
        TableHistory? tables, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        if (spine.SeenUntil.Length == 0 && TableJoin.Fits(plan, wanted))
        {
            TableJoin.Run(snapshot, plan, spine, wanted, cancellationToken);
        }
        else if (wanted.Length > 0 && spine.Count > 0)
        {
            new SeriesReplay(plan, spine, wanted, tables).Run(snapshot, asOf, cancellationToken);
        }
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
