using Tandem.Events;
using Tandem.Features.Evaluation;
using Tandem.Lake;

namespace Tandem.Features;

public sealed partial class FeatureStore
{
    /// <summary>Fills an empty store from the lake, then from the log behind it, up to its present end.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="journal">The log that the lake was compacted from, or null to stop at the lake.</param>
    /// <param name="cancellationToken">Ends the work; the store is then of no use.</param>
    /// <exception cref="InvalidOperationException">Events were applied before.</exception>
    /// <remarks>Afterwards the store holds what it would hold had it been running all along, and
    /// <see cref="AppliedUntil"/> is where to read the log on. The work is done on a thread of the pool.</remarks>
    public async Task RestoreAsync(
        LakeSnapshot snapshot, IJournal? journal, CancellationToken cancellationToken = default)
    {
        if (AppliedUntil.Offset > 0 || EventCount > 0)
        {
            throw new InvalidOperationException("Only an empty store can be restored.");
        }

        await Task.Run(() => ApplyLake(snapshot, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (journal is null)
        {
            return;
        }

        JournalPosition from = snapshot.Manifest.To.CompareTo(journal.Begin) < 0 ? journal.Begin : snapshot.Manifest.To;
        await foreach (JournalBatch batch in journal.ReadAsync(from, follow: false, cancellationToken)
            .ConfigureAwait(false))
        {
            Apply(batch);
        }
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
