using Tandem.Features;
using Tandem.Lake;
using Tandem.Registry;
using Tandem.Storage;

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

    /// <summary>Makes one file of many small ones of the lake.</summary>
    /// <param name="minimumParts">Small files of one table and date from which they are merged, at least 2.</param>
    /// <param name="isDryRun">True to look only.</param>
    /// <param name="cancellationToken">Stops it; what was committed stays.</param>
    /// <exception cref="Faults.TandemException">WSP008: opened for reading; LAK016: a file does not hold its
    /// rows.</exception>
    public async Task<LakeMerge> MergeLakeAsync(
        int minimumParts = 2, bool isDryRun = false, CancellationToken cancellationToken = default)
    {
        _ = Writer();
        await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _step = "merging";
            LakeMerge merge = await _lake.MergeAsync(minimumParts, isDryRun, cancellationToken).ConfigureAwait(false);
            _manifest = merge.Latest;
            return merge;
        }
        finally
        {
            _step = "idle";
            _work.Release();
        }
    }

    /// <summary>Removes old manifests of the lake, and the files that only they named; what training sets and model
    /// versions were made from stays.</summary>
    /// <param name="newest">How many of the newest manifests stay, at least 1.</param>
    /// <param name="age">How far back the lake stays readable besides; null for no further.</param>
    /// <param name="isDryRun">True to look only.</param>
    /// <param name="cancellationToken">Stops it; running again finishes it.</param>
    /// <exception cref="Faults.TandemException">WSP008: opened for reading; LAK010: nothing was to be kept.</exception>
    public async Task<LakeVacuum> VacuumLakeAsync(
        int newest = 1, TimeSpan? age = null, bool isDryRun = false, CancellationToken cancellationToken = default)
    {
        _ = Writer();
        await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _step = "vacuuming";
            HashSet<long> pinned =
            [
                .. await TrainingSet.ManifestsAsync(_store.Under(_layout.Features), cancellationToken)
                    .ConfigureAwait(false),
            ];
            await foreach (ModelVersion version in Registry.ListAsync(Spec.Name, cancellationToken)
                .ConfigureAwait(false))
            {
                if (version.Lineage.LakeManifest is { } manifest)
                {
                    pinned.Add(manifest);
                }
            }

            LakeRetention retention = new()
            {
                Newest = newest,
                Since = _options.Clock.GetUtcNow() - age,
                Pinned = pinned,
            };
            return await _lake.VacuumAsync(retention, isDryRun, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _step = "idle";
            _work.Release();
        }
    }
}
