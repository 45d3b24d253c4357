using Tandem.Features.Evaluation;
using Tandem.Lake;

namespace Tandem.Features;

public sealed partial class FeatureStore
{
    /// <summary>Fills an empty store from the lake.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="cancellationToken">Ends the work; the store is then of no use.</param>
    /// <exception cref="InvalidOperationException">Events were applied before.</exception>
    /// <remarks>Once the log behind it, from <see cref="AppliedUntil"/> on, is applied too, the store holds what it would
    /// hold had it been running all along. The work is done on a thread of the pool.</remarks>
    public Task RestoreAsync(LakeSnapshot snapshot, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return AppliedUntil.Offset > 0 || EventCount > 0
            ? throw new InvalidOperationException("Only an empty store can be restored.")
            : Task.Run(() => ApplyLake(snapshot, cancellationToken), cancellationToken);
    }

    private void ApplyLake(LakeSnapshot snapshot, CancellationToken cancellationToken)
    {
        lock (_applying)
        {
            foreach (Feed feed in _feeds.Values)
            {
                ApplyTable(snapshot, feed, cancellationToken);
            }

            Volatile.Write(ref _appliedUntil, snapshot.Manifest.To.Offset);
        }
    }

    private void ApplyTable(LakeSnapshot snapshot, Feed feed, CancellationToken cancellationToken)
    {
        var lake = new LakeRows(feed.Shape, withIds: true);
        using LakeReader reader = snapshot.Scan(
            new LakeQuery
            {
                Table = feed.Shape.Name,
                Columns = lake.Columns,
                OrderBy = [LakeEnvelope.LogPosition],
            },
            cancellationToken);
        while (reader.Read())
        {
            for (int i = 0; i < reader.RowCount; i++)
            {
                lake.Fill(reader, i, feed.Row);
                Apply(feed);
            }
        }
    }
}
