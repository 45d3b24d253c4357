using Tandem.Storage;

namespace Tandem.Features;

/// <summary>Finds columns that a new training set need not compute: those of a saved set with the same rows as of the same
/// moment, whose view means the same, and whose source was made of the same files of the lake.</summary>
/// <param name="store">Where features are kept.</param>
public sealed class EarlierSets(IObjectStore store)
{
    /// <summary>Takes over what it can.</summary>
    /// <param name="set">The features of the new set.</param>
    /// <param name="wanted">What the new set is made of; its table is not known yet.</param>
    /// <param name="values">Receives values, shape (rows, features), row-major.</param>
    /// <param name="cancellationToken">Stops between two sets.</param>
    /// <returns>For each view that was taken over, the hash of the set it came from.</returns>
    internal async Task<IReadOnlyDictionary<string, string>> TakeAsync(
        FeatureSet set, TrainingSetDescription wanted, float[] values, CancellationToken cancellationToken)
    {
        SortedDictionary<string, string> taken = new(StringComparer.Ordinal);
        await foreach ((string hash, TrainingSetDescription earlier) in TrainingSet.ListAsync(store, cancellationToken)
            .ConfigureAwait(false))
        {
            bool isAlike = earlier.Spine == wanted.Spine && earlier.AsOf == wanted.AsOf
                && earlier.Entities.SequenceEqual(wanted.Entities, StringComparer.Ordinal);
            FeatureView[] views = isAlike
                ? [.. set.Views.Where(view => !taken.ContainsKey(view.Name) && Fits(set, view, wanted, earlier))]
                : [];
            if (views.Length > 0)
            {
                TrainingSet from = await TrainingSet.LoadAsync(store, hash, cancellationToken).ConfigureAwait(false);
                foreach (FeatureView view in views)
                {
                    Copy(from, set, view, values);
                    taken[view.Name] = hash;
                }
            }
        }

        return taken;
    }

    private static bool Fits(
        FeatureSet set, FeatureView view, TrainingSetDescription wanted, TrainingSetDescription earlier) =>
        view is { IsComputed: false, Pair: null or { Request: null } }
        && earlier.Views.GetValueOrDefault(view.Name) == view.Version
        && view.Sources.All(source => earlier.Sources?.GetValueOrDefault(source) == wanted.Sources![source])
        && ColumnsOf(set, view).All(column => earlier.Features.Contains(set.Names[column], StringComparer.Ordinal));

    private static IEnumerable<int> ColumnsOf(FeatureSet set, FeatureView view) =>
        Enumerable.Range(0, set.Count).Where(column => set.Features[column].View == view);

    private static void Copy(TrainingSet from, FeatureSet set, FeatureView view, float[] values)
    {
        foreach (int column in ColumnsOf(set, view))
        {
            int source = from.IndexOf(set.Names[column]);
            for (int row = 0; row < from.RowCount; row++)
            {
                values[((long)row * set.Count) + column] = from.Row(row)[source];
            }
        }
    }
}
