namespace Tandem.Events;

public sealed partial class Quarantine
{
    /// <summary>Removes the rows whose text names a person.</summary>
    /// <param name="person">Who is to be forgotten.</param>
    /// <param name="isDryRun">True to count only.</param>
    /// <param name="cancellationToken">Stops the work; running again finishes it.</param>
    /// <returns>How many rows.</returns>
    /// <exception cref="Tandem.Faults.TandemException">EVT010: an object is not readable.</exception>
    /// <remarks>What an object keeps is written before the old one goes: killed between the two, running again deletes the
    /// old one. Nobody may append or remove meanwhile.</remarks>
    public async Task<long> EraseAsync(
        ErasedPerson person, bool isDryRun = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(person);
        long erased = 0;
        foreach ((string name, string key, long count) in
            await ObjectsAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!isDryRun)
            {
                // What a removal that was killed left behind would hide here.
                await DeleteAllButAsync(name, (int)count, cancellationToken).ConfigureAwait(false);
            }

            List<QuarantinedRow> rows = await ReadAsync(name, key, cancellationToken).ConfigureAwait(false);
            List<QuarantinedRow> kept = rows.FindAll(row => !Names(person, row));
            erased += rows.Count - kept.Count;
            if (isDryRun || kept.Count == rows.Count)
            {
                continue;
            }

            if (kept.Count > 0)
            {
                await _store.PutAsync(Key(name, kept.Count), QuarantineJson.Write(kept), cancellationToken)
                    .ConfigureAwait(false);
            }

            await DeleteAllButAsync(name, kept.Count, cancellationToken).ConfigureAwait(false);
        }

        return erased;
    }

    private static bool Names(ErasedPerson person, QuarantinedRow row) =>
        person.IsInText(row.Text) || person.IsInText(row.Message) ||
        row.Fields?.Values?.Any(value => value is not null && person.IsInText(value)) == true;
}
