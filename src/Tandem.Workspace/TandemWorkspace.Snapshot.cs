using System.Runtime.CompilerServices;
using Tandem.Serving;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly RateMeter _eventRate = new();
    private readonly RateMeter _requestRate = new();

    /// <summary>Reads the whole system's numbers at this moment. Cheap: nothing is read from disk.</summary>
    public WorkspaceSnapshot Snapshot()
    {
        return new WorkspaceSnapshot(
            Spec.Name,
            _options.Clock.GetUtcNow(),
            _step == "idle" ? (ServedVersion is null ? "waiting for a model" : "serving") : _step,
            LogNumbers(),
            LakeSnapshotNumbers(),
            FeatureSnapshotNumbers(),
            new TrainingNumbers(_step == "training" ? "training" : "idle", LastRunNumbers()),
            new RegistryNumbers(
                Spec.Name, _versionCount, _champion?.Number ?? _lastPromoted, _champion?.Kind),
            ServingSnapshot(),
            MonitoringSnapshot(),
            Problem is { } problem ? new ProblemNumbers(problem.Job, problem.Fault.ToString(), problem.Time) : null);
    }

    /// <summary>Streams snapshots: one at once, then whenever something changed, at most four a second, and one every
    /// five seconds as a sign of life.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async IAsyncEnumerable<WorkspaceSnapshot> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        WorkspaceSnapshot last = Snapshot();
        yield return last;
        long sent = Environment.TickCount64;
        using PeriodicTimer timer = new(WatchInterval);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            WorkspaceSnapshot current = Snapshot();
            if (current != last || Environment.TickCount64 - sent > Heartbeat.TotalMilliseconds)
            {
                last = current;
                sent = Environment.TickCount64;
                yield return current;
            }
        }
    }

    private LakeNumbers LakeSnapshotNumbers()
    {
        if (_manifest is not { } manifest)
        {
            return new LakeNumbers(0, 0, 0, 0);
        }

        int files = manifest.Tables.Sum(static table => table.Parts.Count);
        long bytes = manifest.Tables.Sum(static table => table.Bytes);
        return new LakeNumbers(manifest.RowCount, files, manifest.Number, bytes);
    }

    private RunNumbers? LastRunNumbers() => _lastRun is not { } run
        ? null
        : new RunNumbers(
            run.Id, run.Seconds, run.Rows, run.Verdict.Metric, run.Verdict.Candidate, run.Verdict.IsPromoted,
            run.Verdict.Reason);

    private ServingNumbers ServingSnapshot()
    {
        if (_predictor is not { } predictor)
        {
            return new ServingNumbers(null, 0, 0, 0, 0, 0, 0, null, null, 0);
        }

        long requests = predictor.Meter.Requests;
        return new ServingNumbers(
            ServedVersion, requests, _requestRate.PerSecond(requests),
            predictor.Meter.QuantileMilliseconds(0.5), predictor.Meter.QuantileMilliseconds(0.99),
            predictor.Meter.Fallbacks, predictor.Meter.Errors,
            predictor.Model?.Index is { } index ? ServedIndex.Words[index.Kind] : null,
            predictor.Audit.Recall, predictor.Audit.Questions);
    }

    private MonitoringNumbers MonitoringSnapshot()
    {
        lock (_conceptGate)
        {
            return new MonitoringNumbers(
                _reportCount, _alertCount, _lastReport?.Words, _concept.ErrorRate, _detections.Count,
                _lastSkew?.Words, _lastSkew?.Mismatched);
        }
    }
}
