using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Registry;
using Tandem.Storage;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private const string RequestName = "request.json";

    /// <summary>Forgets a person: rewrites raw log, lake, training sets and quarantine without what names them,
    /// deletes what killed processes left on its way, then scans all of it again.</summary>
    /// <param name="entity">The entity, mostly <c>user</c>.</param>
    /// <param name="id">Their id.</param>
    /// <param name="isDryRun">True to look only.</param>
    /// <param name="cancellationToken">Stops it; the same call again finishes it.</param>
    /// <returns>What was rewritten; of a dry run, what would be.</returns>
    /// <exception cref="Faults.TandemException">WSP008: opened for reading; WSP050: this process serves; WSP051: the scan
    /// still finds the person; WSP052: a broker holds the raw log; BCK codes: the server of the online features cannot be
    /// used.</exception>
    /// <remarks>The request is kept in the store until the scan has found nothing, so an erasure that was killed is
    /// finished by running it again, and its receipt still lists everything.</remarks>
    public async Task<ForgetReceipt> ForgetAsync(
        string entity, string id, bool isDryRun = false, CancellationToken cancellationToken = default)
    {
        IJournal journal = Writer();
        if (journal is not FileJournal)
        {
            throw WorkspaceErrors.ForgetInStream();
        }

        if (_following is not null)
        {
            throw WorkspaceErrors.ForgetWhileServing();
        }

        // A merge or vacuum meanwhile would take files from under it, or bring the person back.
        await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _step = "forgetting";
            return await ForgetAsync(journal, new ErasedPerson(entity, id), isDryRun, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            _step = "idle";
            _work.Release();
        }
    }

    private async Task<ForgetReceipt> ForgetAsync(
        IJournal journal, ErasedPerson person, bool isDryRun, CancellationToken cancellationToken)
    {
        string hash = ContentHash.Of(Encoding.UTF8.GetBytes($"{person.Entity}\n{person.Id}"));
        IObjectStore erasures = _store.Under(_layout.Erasures).Under(ContentHash.Digits(hash));
        await CompactHeldAsync(null, cancellationToken).ConfigureAwait(false);
        ForgetReceipt found = await RewriteAsync(journal, person, hash, isDryRun: true, cancellationToken)
            .ConfigureAwait(false);
        if (isDryRun)
        {
            return found;
        }

        if (await erasures.FindAsync(RequestName, cancellationToken).ConfigureAwait(false) is not null)
        {
            byte[] earlier = await erasures.GetAsync(RequestName, cancellationToken).ConfigureAwait(false);
            found = ForgetReceipt.Read(earlier).Plus(found);
        }

        await erasures.PutAsync(RequestName, (found with { Id = person.Id }).ToJson(), cancellationToken)
            .ConfigureAwait(false);
        ForgetReceipt done = found.Plus(
            await RewriteAsync(journal, person, hash, isDryRun: false, cancellationToken).ConfigureAwait(false));
        await FeatureSnapshot.DeleteAllAsync(_store.Under(_layout.Features), cancellationToken).ConfigureAwait(false);
        await DropFromServerAsync(cancellationToken).ConfigureAwait(false);
        StagedFile.SweepDead(_store.StagingFolder);
        ForgetReceipt left = await RewriteAsync(journal, person, hash, isDryRun: true, cancellationToken)
            .ConfigureAwait(false);
        if (left.Places > 0)
        {
            throw WorkspaceErrors.NotForgotten(left.Places);
        }

        done = done with { Finished = _options.Clock.GetUtcNow(), Id = null };
        string name = done.Finished.Value.ToString("yyyyMMdd'T'HHmmssffffff", CultureInfo.InvariantCulture);
        await erasures.PutAsync($"receipt-{name}.json", done.ToJson(), cancellationToken).ConfigureAwait(false);
        await erasures.DeleteAsync(RequestName, cancellationToken).ConfigureAwait(false);
        return done;
    }

    /// <summary>Deletes all online features that a server holds: the person may be in the series of others too. The next
    /// start fills them from the lake.</summary>
    private async Task DropFromServerAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            await _server.DropAsync(cancellationToken).ConfigureAwait(false);
            await _store.Under(_layout.Features).DeleteAsync(FillKey, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ForgetReceipt> RewriteAsync(
        IJournal journal, ErasedPerson person, string hash, bool isDryRun, CancellationToken cancellationToken)
    {
        IReadOnlyList<JournalSegment> segments =
            await journal.ClosedSegmentsAsync(journal.Begin, cancellationToken).ConfigureAwait(false);
        LakeErasure lake = await _lake.EraseAsync(person, isDryRun, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ErasedLines> log = await SegmentErasure
            .RunAsync(
                Path.Combine(_location.LocalFolder, _layout.Log), segments, person, isDryRun, cancellationToken)
            .ConfigureAwait(false);
        IReadOnlyList<ErasedSet> sets = await TrainingSetErasure
            .RunAsync(_store.Under(_layout.Features), person, isDryRun, cancellationToken).ConfigureAwait(false);
        long quarantined = await Quarantine.EraseAsync(person, isDryRun, cancellationToken).ConfigureAwait(false);
        List<int> models = [];
        await foreach (ModelVersion version in Registry.ListAsync(Spec.Name, cancellationToken).ConfigureAwait(false))
        {
            if (sets.Any(set => set.Hash == version.Lineage.TrainingSetHash)
                || (version.Lineage.LakeManifest is { } manifest && lake.Manifests.Contains(manifest)))
            {
                models.Add(version.Number);
            }
        }

        return new ForgetReceipt
        {
            Person = hash,
            Entity = person.Entity,
            Asked = _options.Clock.GetUtcNow(),
            Log = log,
            LakeFiles = lake.Files,
            Manifests = lake.Manifests,
            TrainingSets = [.. sets.Select(static set => new ForgottenSet(set.Hash, set.Rows, set.Successor))],
            QuarantinedRows = quarantined,
            Models = models,
        };
    }

    /// <summary>Whether a person was erased from what a version was trained on.</summary>
    /// <param name="version">The version.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<bool> IsErasedFromAsync(ModelVersion version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(version);
        string? successor = await TrainingSetErasure.SuccessorAsync(
            _store.Under(_layout.Features), version.Lineage.TrainingSetHash, cancellationToken).ConfigureAwait(false);
        return successor is not null || (version.Lineage.LakeManifest is { } number
            && (await LakeManifestAsync(number, cancellationToken).ConfigureAwait(false)).Erased > 0);
    }
}
