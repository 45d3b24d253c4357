using System.Text;
using Tandem.Events;
using Tandem.Storage;

namespace Tandem.Features;

/// <summary>Removes a person's rows from saved training sets. A set is named by its content, so what is left goes on
/// under another hash, and the old name leads to it.</summary>
/// <remarks>The successor is written first, then the note that names it, then the old table is deleted: killed between
/// any two, running again finishes it.</remarks>
public static class TrainingSetErasure
{
    /// <summary>Removes a person's rows from every saved set.</summary>
    /// <param name="store">Where features are kept.</param>
    /// <param name="person">Who is to be forgotten.</param>
    /// <param name="isDryRun">True to look only.</param>
    /// <param name="cancellationToken">Stops between two sets.</param>
    /// <returns>The sets that held the person.</returns>
    /// <exception cref="Tandem.Faults.TandemException">STO004, FEA012: a set is damaged.</exception>
    public static async Task<IReadOnlyList<ErasedSet>> RunAsync(
        IObjectStore store, ErasedPerson person, bool isDryRun, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(person);
        List<string> hashes = await TrainingSet.HashesAsync(store, cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);

        List<ErasedSet> erased = [];
        foreach (string hash in hashes)
        {
            if (await SuccessorAsync(store, hash, cancellationToken).ConfigureAwait(false) is not null)
            {
                await DeleteAsync(store, hash, isDryRun, cancellationToken).ConfigureAwait(false);
                continue;
            }

            TrainingSet set = await TrainingSet.LoadAsync(store, hash, cancellationToken).ConfigureAwait(false);
            TrainingSet left = set.Without(person.Entity, person.Id);
            if (left.Hash == hash)
            {
                continue;
            }

            erased.Add(new ErasedSet(hash, set.RowCount - left.RowCount, left.Hash));
            if (!isDryRun)
            {
                await left.SaveAsync(store, cancellationToken).ConfigureAwait(false);
                await store.PutAsync(SuccessorKey(hash), Encoding.UTF8.GetBytes(left.Hash), cancellationToken)
                    .ConfigureAwait(false);
                await DeleteAsync(store, hash, isDryRun, cancellationToken).ConfigureAwait(false);
            }
        }

        return erased;
    }

    /// <summary>The set that took the place of one from which a person was erased, and of those after it.</summary>
    /// <param name="store">Where features are kept.</param>
    /// <param name="hash">The set's hash.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Hash of the last successor; null where nobody was erased from the set.</returns>
    public static async Task<string?> SuccessorAsync(
        IObjectStore store, string hash, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        string? last = null;
        while (ContentHash.IsWellFormed(hash)
            && await store.FindAsync(SuccessorKey(hash), cancellationToken).ConfigureAwait(false) is not null)
        {
            byte[] text = await store.GetAsync(SuccessorKey(hash), cancellationToken).ConfigureAwait(false);
            hash = last = Encoding.UTF8.GetString(text);
        }

        return last;
    }

    private static async Task DeleteAsync(
        IObjectStore store, string hash, bool isDryRun, CancellationToken cancellationToken)
    {
        if (!isDryRun)
        {
            await store.DeleteAsync(TrainingSet.TableKey(hash), cancellationToken).ConfigureAwait(false);
            await store.DeleteAsync(TrainingSet.DescriptionKey(hash), cancellationToken).ConfigureAwait(false);
        }
    }

    private static string SuccessorKey(string hash) => $"sets/{ContentHash.Digits(hash)}/successor";
}
