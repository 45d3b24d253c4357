using System.Globalization;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Storage;
using Tandem.Training;
using Tandem.Training.Ranking;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private readonly List<TrainingRun> _runs = [];
    private volatile string _step = "idle";
    private TrainingRun? _lastRun;
    private LakeManifest? _manifest;
    private int _versionCount;
    private int? _lastPromoted;

    /// <summary>Training runs of this process, oldest first.</summary>
    public IReadOnlyList<TrainingRun> Runs
    {
        get
        {
            lock (_runs)
            {
                return [.. _runs];
            }
        }
    }

    /// <summary>Compacts everything in the raw log so far into the lake.</summary>
    /// <param name="progress">Receives the finished share, or null.</param>
    /// <param name="cancellationToken">Stops it; what was committed stays.</param>
    public async Task CompactAsync(
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _step = "compacting";
            await CompactHeldAsync(progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _step = "idle";
            _work.Release();
        }
    }

    /// <summary>Compacts for a caller that holds the right to change the lake.</summary>
    private async Task CompactHeldAsync(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        _manifest = await _lake.CompactAsync(Writer(), progress, cancellationToken).ConfigureAwait(false);
        _lastCompaction = _options.Clock.GetUtcNow();
    }

    /// <summary>Runs the training loop once on what the lake holds, and serves the new version where it was
    /// promoted.</summary>
    /// <param name="cause">What started it.</param>
    /// <param name="progress">Receives steps and their shares, or null.</param>
    /// <param name="references">Scorers to judge beside the models.</param>
    /// <param name="cancellationToken">Stops it; nothing is registered then.</param>
    public async Task<TrainingRun> TrainAsync(
        TrainingCause cause, IProgress<(string Step, double Share)>? progress = null,
        IReadOnlyList<ReferenceScorer>? references = null, CancellationToken cancellationToken = default)
    {
        await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _step = "training";
            using LakeSnapshot snapshot =
                await _lake.SnapshotAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            TrainingRequest request = new()
            {
                Cause = cause,
                Champion = await ChampionAsync(cancellationToken).ConfigureAwait(false),
                References = references ?? [],
            };
            TrainingRun run = await _training.RunAsync(snapshot, request, progress, cancellationToken)
                .ConfigureAwait(false);
            await KeepRunAsync(run, cancellationToken).ConfigureAwait(false);
            if (run.Verdict.IsPromoted && _predictor is not null)
            {
                await LoadChampionAsync(cancellationToken).ConfigureAwait(false);
            }

            return run;
        }
        finally
        {
            _step = "idle";
            _work.Release();
        }
    }

    /// <summary>Fits and judges the models on what the lake holds, registering nothing.</summary>
    /// <param name="progress">Receives steps and their shares, or null.</param>
    /// <param name="sampledItems">Items drawn for each user to rank the right ones among; 0 ranks all.</param>
    /// <param name="references">Scorers to judge beside the models.</param>
    /// <param name="updateShare">Share of the training rows that models are updated with, beside those fitted on all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Learning.EvaluationResult> EvaluateAsync(
        IProgress<(string Step, double Share)>? progress = null, int sampledItems = 0,
        IReadOnlyList<ReferenceScorer>? references = null, double updateShare = 0,
        CancellationToken cancellationToken = default)
    {
        using LakeSnapshot snapshot =
            await _lake.SnapshotAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return await _training.EvaluateAsync(
            snapshot, progress, sampledItems, references, updateShare, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The newest training run, as it is kept; null before the first.</summary>
    public byte[]? LastRun() => _lastRun is { } run ? TrainingJson.Write(run) : null;

    private async Task<Champion?> ChampionAsync(CancellationToken cancellationToken)
    {
        AliasChange? change = await Registry.AliasAsync(Spec.Name, "champion", cancellationToken)
            .ConfigureAwait(false);
        if (change?.Version is not { } number)
        {
            return null;
        }

        string version = number.ToString(CultureInfo.InvariantCulture);
        ModelVersion found = (await Registry.FindAsync(Spec.Name, version, cancellationToken).ConfigureAwait(false))!;
        RowModel? rows = await RankModelAsync(found, cancellationToken).ConfigureAwait(false);
        if (Spec.IsPredicted)
        {
            return new Champion(number, change.Number, null, new EntityIndex(), new EntityIndex(), found.Created)
            {
                Rank = rows,
            };
        }

        ServedModel model = _predictor?.Model is { } served && served.Version == version
            ? served
            : await ServedModelFile.LoadAsync(Registry, found, cancellationToken).ConfigureAwait(false);
        return new Champion(number, change.Number, model.Scorer, model.Users, model.Items, model.AsOf)
        {
            Encoders = await RetrievalEncodersAsync(found, cancellationToken).ConfigureAwait(false),
            Rank = rows,
        };
    }

    private async Task KeepRunAsync(TrainingRun run, CancellationToken cancellationToken)
    {
        await _store.Under(_layout.Runs)
            .PutAsync($"{run.Id}.json", TrainingJson.Write(run), cancellationToken).ConfigureAwait(false);
        lock (_runs)
        {
            _runs.Add(run);
        }

        _lastRun = run;
        await CountVersionsAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task CountVersionsAsync(CancellationToken cancellationToken)
    {
        int count = 0;
        await foreach (ModelVersion version in Registry.ListAsync(Spec.Name, cancellationToken).ConfigureAwait(false))
        {
            count = Math.Max(count, version.Number);
        }

        _versionCount = count;
        AliasChange? champion = await Registry.AliasAsync(Spec.Name, "champion", cancellationToken)
            .ConfigureAwait(false);
        _lastPromoted = champion?.Version;
    }

    /// <summary>Brings the numbers of earlier processes back: the newest run, manifest, versions.</summary>
    private async Task LoadLastAsync(CancellationToken cancellationToken)
    {
        using (LakeSnapshot snapshot =
            await _lake.SnapshotAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            _manifest = snapshot.Manifest;
        }

        await CountVersionsAsync(cancellationToken).ConfigureAwait(false);
        IObjectStore runs = _store.Under(_layout.Runs);
        string? newest = null;
        await foreach (ObjectEntry entry in runs.ListAsync("", cancellationToken).ConfigureAwait(false))
        {
            newest = entry.Key;
        }

        if (newest is not null)
        {
            _lastRun = TrainingJson.Read(await runs.GetAsync(newest, cancellationToken).ConfigureAwait(false));
        }
    }
}
