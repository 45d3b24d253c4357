using Tandem.Events;
using Tandem.Features.Evaluation;
using Tandem.Lake;

namespace Tandem.Features;

/// <summary>Reads what the features of one entity were as of any moment, and the events behind them: from the lake, and
/// the log behind it.</summary>
public static class HistoryReader
{
    /// <summary>Most events that a history shows.</summary>
    public const int MostEvents = 1000;

    /// <summary>Reads a history.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="journal">The log that the lake was compacted from, or null to stop at the lake.</param>
    /// <param name="view">The view.</param>
    /// <param name="id">Id of the entity; any text for the global entity.</param>
    /// <param name="asOf">The moment: only what had happened and was known then counts.</param>
    /// <param name="most">Events to show, 0 to <see cref="MostEvents"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="Tandem.Faults.TandemException">EVT007: the log was trimmed behind a newer snapshot
    /// meanwhile.</exception>
    /// <remarks>O(events of the entity) and the log behind the lake; holds the events of the entity.</remarks>
    public static async Task<EntityHistory> ReadAsync(
        LakeSnapshot snapshot, IJournal? journal, FeatureView view, string id, DateTimeOffset asOf, int most,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(view);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, MostEvents);
        HistoryRows rows = new(view, id, Micros.Of(asOf), most);
        await Task.Run(() => rows.AddLake(snapshot, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (journal is not null)
        {
            await foreach (JournalBatch batch in journal
                .ReadAsync(snapshot.Manifest.To, follow: false, cancellationToken).ConfigureAwait(false))
            {
                rows.AddLog(batch);
            }
        }

        return rows.Finish();
    }
}
