using Tandem.Registry;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private static readonly TimeSpan DriftSettles = TimeSpan.FromDays(1);

    private DateTimeOffset _lastCompaction = DateTimeOffset.MinValue;
    private DateTimeOffset _lastDriftRun = DateTimeOffset.MinValue;
    private DateTimeOffset _driftFoundAt = DateTimeOffset.MinValue;
    private DateTimeOffset? _reportedUntil;

    /// <summary>Runs the background of both loops until stopped: compaction, drift reports, scheduled and drift-driven
    /// training, and champions that others promoted.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunLoopsAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(5));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                await TickAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>Does what is due now, by the workspace's clock: one step of both loops' background.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task TickAsync(CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = _options.Clock.GetUtcNow();
        await RaisePendingAsync(cancellationToken).ConfigureAwait(false);
        await LoadChampionAsync(cancellationToken).ConfigureAwait(false);
        DateTimeOffset today = new(now.UtcDateTime.Date, TimeSpan.Zero);
        _reportedUntil ??= today;
        bool isDayOver = today > _reportedUntil;
        bool isDriftRun = _isRetrainWanted && now - _lastDriftRun >= Spec.Monitoring.RetrainAtMost;
        bool isScheduled = Spec.Training.Cadence is { } cadence && _lastRun is { } last
            && now - last.Started >= cadence;
        if (isDayOver || isDriftRun || isScheduled || now - _lastCompaction >= _options.CompactEvery)
        {
            await CompactAsync(null, cancellationToken).ConfigureAwait(false);
        }

        if (isDayOver)
        {
            await ReportDriftAsync(_reportedUntil.Value, today, cancellationToken).ConfigureAwait(false);
            _reportedUntil = today;
        }

        if (isDriftRun || isScheduled)
        {
            await RetrainAsync(isDriftRun ? TrainingCause.Drift : TrainingCause.Schedule, now, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <summary>Trains; a drift stays wanted until a version is promoted for it, and for a day after it was found: the
    /// first data after a change is little.</summary>
    private async Task RetrainAsync(TrainingCause cause, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (cause == TrainingCause.Drift)
        {
            _lastDriftRun = now;
        }

        Training.TrainingRun run = await TrainAsync(cause, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        if (run.Verdict.IsPromoted && now - _driftFoundAt >= DriftSettles)
        {
            _isRetrainWanted = false;
        }
    }
}
