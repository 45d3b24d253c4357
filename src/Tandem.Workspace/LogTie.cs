using System.Text;
using Tandem.Storage;

namespace Tandem.Workspace;

/// <summary>Ties objects to the one raw log that feeds them. Positions mean something in their own log only: a
/// second machine's, or a new one after the first was lost, would leave gaps and doubles that nobody sees.</summary>
internal static class LogTie
{
    /// <summary>Writes the log's name into the store where none is, or compares.</summary>
    /// <param name="store">The objects.</param>
    /// <param name="location">Where objects and log are.</param>
    /// <param name="layout">The tenant.</param>
    /// <param name="brokersName">Name of a log that a broker holds: any machine may write it, one at a time. Null for
    /// one of files, which is named in their folder.</param>
    /// <param name="clock">Dates a new log's name.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Faults.TandemException">WSP040: another log feeds the store.</exception>
    public static async Task TieAsync(
        IObjectStore store, StoreLocation location, StoreLayout layout, string? brokersName, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        string key = $"{layout.Tenant}/log.json";
        byte[] mine = Encoding.UTF8.GetBytes(
            $"{{\"format\":\"tandem.log/1\",\"log\":\"{brokersName ?? NewName(clock)}\"}}\n");
        if (brokersName is null)
        {
            FolderStore local = new(location.LocalFolder);
            await local.TryPutAsync(key, mine, cancellationToken).ConfigureAwait(false);
            mine = await local.GetAsync(key, cancellationToken).ConfigureAwait(false);
        }

        if (await store.TryPutAsync(key, mine, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        byte[] theirs = await store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        if (!mine.AsSpan().SequenceEqual(theirs))
        {
            throw WorkspaceErrors.OtherLog(location.PlaceOf(key), Path.Combine(location.LocalFolder, key));
        }
    }

    private static string NewName(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow()).ToString();
}
