using System.Runtime.CompilerServices;

namespace Tandem.Events;

/// <summary>What every raw log can do beyond its contract.</summary>
public static class JournalExtensions
{
    /// <summary>Reads the events between two places, in order.</summary>
    /// <param name="journal">The log.</param>
    /// <param name="from">Place of the first, as for <see cref="IJournal.ReadAsync"/>.</param>
    /// <param name="until">Place behind the last; a place where a batch ended once.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="Tandem.Faults.TandemException">EVT007: a place is not kept.</exception>
    /// <remarks>A batch may reach beyond the end and does not say where its events lie. The event at the end tells: no
    /// two have the same id.</remarks>
    public static async IAsyncEnumerable<JournalBatch> ReadUntilAsync(
        this IJournal journal, JournalPosition from, JournalPosition until,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        if (from.CompareTo(until) >= 0)
        {
            yield break;
        }

        await foreach (JournalBatch batch in journal.ReadAsync(from, follow: false, cancellationToken)
            .ConfigureAwait(false))
        {
            if (batch.End.CompareTo(until) < 0)
            {
                yield return batch;
                continue;
            }

            string? end = batch.End == until
                ? null
                : await FirstIdAsync(journal, until, cancellationToken).ConfigureAwait(false);
            yield return batch with
            {
                End = until,
                Events = [.. batch.Events.TakeWhile(record => record.Id != end)],
            };
            yield break;
        }
    }

    // Null where no event follows.
    private static async Task<string?> FirstIdAsync(
        IJournal journal, JournalPosition from, CancellationToken cancellationToken)
    {
        await foreach (JournalBatch batch in journal.ReadAsync(from, follow: false, cancellationToken)
            .ConfigureAwait(false))
        {
            if (batch.Events.Count > 0)
            {
                return batch.Events[0].Id;
            }
        }

        return null;
    }
}
