using Tandem.Lake;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    /// <summary>Opens a console that answers SQL over the lake's tables, and changes nothing.</summary>
    /// <param name="moment">How far back it looks; null for the lake as it is now.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="Faults.TandemException">LAK005: there is no such manifest.</exception>
    public Task<LakeConsole> OpenLakeConsoleAsync(
        LakeMoment? moment = null, CancellationToken cancellationToken = default) =>
        _lake.OpenConsoleAsync(moment, cancellationToken);

    /// <summary>What the lake is made of.</summary>
    /// <param name="number">Number of the manifest, or null for the latest.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="Faults.TandemException">LAK005: there is no such manifest.</exception>
    public async Task<LakeManifest> LakeManifestAsync(
        long? number = null, CancellationToken cancellationToken = default)
    {
        using LakeSnapshot snapshot = await _lake.SnapshotAsync(number, cancellationToken).ConfigureAwait(false);
        return snapshot.Manifest;
    }
}
