using System.Collections.Immutable;
using Tandem.Faults;
using Tandem.Registry;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    // A row is written again once in so many compactions, and a date has so many small files at most.
    private const int PartsToMerge = 8;

    private const string Compaction = "compaction";

    private static readonly TimeSpan DriftSettles = TimeSpan.FromDays(1);
    private static readonly TimeSpan VacuumEvery = TimeSpan.FromDays(1);

    private DateTimeOffset _lastCompaction = DateTimeOffset.MinValue;
    private DateTimeOffset _lastVacuum = DateTimeOffset.MinValue;
    private DateTimeOffset _lastDriftRun = DateTimeOffset.MinValue;
    private DateTimeOffset _lastScheduledRun = DateTimeOffset.MinValue;
    private DateTimeOffset _driftFoundAt = DateTimeOffset.MinValue;
    private DateTimeOffset? _reportedUntil;
    private ImmutableList<LoopProblem> _problems = [];

    /// <summary>The newest failure of the background, until the same job succeeds; null where all is well.</summary>
    public LoopProblem? Problem => Problems is [.., LoopProblem newest] ? newest : null;

    /// <summary>The newest failure of each job of the background that has not succeeded since, newest last.</summary>
    public IReadOnlyList<LoopProblem> Problems => Volatile.Read(ref _problems);

    /// <summary>Runs the background of both loops until stopped: compaction, merges, feature snapshots, retention and
    /// vacuums, drift reports, scheduled and drift-driven training, and champions that others promoted. A job that fails
    /// is tried again when it is next due; serving goes on.</summary>
    /// <param name="problems">Receives each new failure, or null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunLoopsAsync(IProgress<LoopProblem>? problems, CancellationToken cancellationToken)
    {
        LoopProblem? told = null;
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(5));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                await TickAsync(cancellationToken).ConfigureAwait(false);
                if (Problem is { } problem && problem != told)
                {
                    problems?.Report(problem);
                    told = problem;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>Does what is due now, by the workspace's clock: one step of both loops' background. What fails is kept as
    /// <see cref="Problem"/>, not thrown.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task TickAsync(CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = _options.Clock.GetUtcNow();
        await TryAsync("alert", now, () => RaisePendingAsync(cancellationToken)).ConfigureAwait(false);
        await TryAsync("model swap", now, () => LoadChampionAsync(cancellationToken)).ConfigureAwait(false);
        DateTimeOffset today = new(now.UtcDateTime.Date, TimeSpan.Zero);
        _reportedUntil ??= today;
        bool isDayOver = today > _reportedUntil;
        bool isDriftRun = _isRetrainWanted && now - _lastDriftRun >= Spec.Monitoring.RetrainAtMost;
        bool isScheduled = Spec.Training.Cadence is { } cadence && _lastRun is { } last
            && now - last.Started >= cadence && now - _lastScheduledRun >= cadence;
        if (isDayOver || isDriftRun || isScheduled || now - _lastCompaction >= _options.CompactEvery)
        {
            _lastCompaction = now;
            await TryAsync(Compaction, now, () => CompactAndMergeAsync(cancellationToken)).ConfigureAwait(false);
            await TryAsync(SnapshotJob, now, () => SaveFeaturesInTurnAsync(cancellationToken)).ConfigureAwait(false);
            await TryAsync("retention", now, () => TrimAsync(cancellationToken)).ConfigureAwait(false);
        }

        // A lake that cannot be written to is not the one to take files from, and its own problem is the one to show.
        if (_options.LakeKeepFor is { } age && now - _lastVacuum >= VacuumEvery && !HasFailed(Compaction))
        {
            _lastVacuum = now;
            await TryAsync("vacuum", now, () => VacuumLakeAsync(age: age, cancellationToken: cancellationToken))
                .ConfigureAwait(false);
        }

        if (isDayOver)
        {
            DateTimeOffset from = _reportedUntil.Value;
            _reportedUntil = today;
            await TryAsync("drift report", now, () => ReportDriftAsync(from, today, cancellationToken))
                .ConfigureAwait(false);
            await TryAsync("skew report", now, () => ReportSkewAsync(from, today, null, cancellationToken))
                .ConfigureAwait(false);
        }

        if (isDriftRun || isScheduled)
        {
            TrainingCause cause = isDriftRun ? TrainingCause.Drift : TrainingCause.Schedule;
            await TryAsync("training", now, () => RetrainAsync(cause, now, cancellationToken)).ConfigureAwait(false);
        }
    }

    private async Task CompactAndMergeAsync(CancellationToken cancellationToken)
    {
        await CompactAsync(null, cancellationToken).ConfigureAwait(false);
        await MergeLakeAsync(PartsToMerge, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private async Task TrimAsync(CancellationToken cancellationToken)
    {
        if (!_options.Retention.IsOff)
        {
            await TrimLogAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TryAsync(string job, DateTimeOffset now, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
            Clear(job);
        }
        catch (TandemException failure)
        {
            Fail(job, now, failure.Fault);
        }
    }

    // Jobs run side by side.
    private void Fail(string job, DateTimeOffset now, Fault fault) => ImmutableInterlocked.Update(
        ref _problems, problems => problems.RemoveAll(problem => problem.Job == job).Add(new LoopProblem(now, job, fault)));

    private void Clear(string job)
    {
        if (HasFailed(job))
        {
            ImmutableInterlocked.Update(ref _problems, problems => problems.RemoveAll(problem => problem.Job == job));
        }
    }

    /// <summary>Keeps a fault of a job as its problem, or takes the job's problem away where there is none.</summary>
    private void Tell(string job, Fault? fault)
    {
        if (fault is null)
        {
            Clear(job);
        }
        else
        {
            Fail(job, _options.Clock.GetUtcNow(), fault);
        }
    }

    private bool HasFailed(string job) => _problems.Exists(problem => problem.Job == job);

    /// <summary>Trains; a drift stays wanted until a version is promoted for it, and for a day after it was found: the
    /// first data after a change is little.</summary>
    private async Task RetrainAsync(TrainingCause cause, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (cause == TrainingCause.Drift)
        {
            _lastDriftRun = now;
        }
        else
        {
            _lastScheduledRun = now;
        }

        Training.TrainingRun run = await TrainAsync(cause, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        if (run.Verdict.IsPromoted && now - _driftFoundAt >= DriftSettles)
        {
            _isRetrainWanted = false;
        }
    }
}
