using System.Diagnostics;
using Tandem.Lake;
using Tandem.Registry;
using Tandem.Training.Leaks;
using Tandem.Training.Outcomes;

namespace Tandem.Training;

public sealed partial class TrainingLoop
{
    // Rows of a set of impressions to predict from: beyond it whole requests are left out by hash, evenly.
    private const int MostOutcomes = 200_000;

    /// <summary>The loop where the task is a probability: one set of impressions teaches and judges.</summary>
    private async Task<TrainingRun> RunOutcomesAsync(
        LakeSnapshot snapshot, TrainingRequest request, DateTimeOffset now,
        IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        long stamp = Stopwatch.GetTimestamp();
        (LabelledSet set, IReadOnlyList<LeakFinding> leaks, OutcomeTrial trial) = await TryOutcomesAsync(
            snapshot, request.Champion, now, progress, cancellationToken).ConfigureAwait(false);
        ModelVersion version = await _publisher.PublishAsync(snapshot, set, trial, request, cancellationToken)
            .ConfigureAwait(false);
        if (trial.Verdict.IsPromoted)
        {
            await _publisher.PromoteAsync(version, request, trial.Verdict.Reason, cancellationToken).ConfigureAwait(false);
        }

        return new TrainingRun
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Cause = request.Cause,
            Started = now,
            Seconds = Stopwatch.GetElapsedTime(stamp).TotalSeconds,
            Manifest = snapshot.Manifest.Number,
            TrainingSet = version.Lineage.TrainingSetHash,
            Rows = set.Set.RowCount,
            Evaluation = trial.Result,
            Leaks = leaks,
            Best = trial.Report.Ranked!.Name,
            Rank = trial.Report,
            Search = trial.Search,
            Verdict = trial.Verdict,
            Version = version.Number,
        };
    }

    private async Task<(LabelledSet Set, IReadOnlyList<LeakFinding> Leaks, OutcomeTrial Trial)> TryOutcomesAsync(
        LakeSnapshot snapshot, Champion? champion, DateTimeOffset now,
        IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        DateTimeOffset mature = now - _spec.Objective.Label.Window;
        LabelledSetRequest wanted = new()
        {
            From = _spec.Training.Window is { } window ? mature - window : DateTimeOffset.UnixEpoch,
            To = mature,
            AsOf = now,
            MaximumRows = MostOutcomes,
        };
        (LabelledSet? set, IReadOnlyList<LeakFinding> leaks) = await DemandSetAsync(
            snapshot, wanted, progress, cancellationToken).ConfigureAwait(false);
        if (set is null)
        {
            throw TrainingErrors.EmptyTest(_spec.Training.Split.By);
        }

        OutcomeTrainer trainer = new(
            _spec, _options.Folder, _views, _catalogue, Options(), step => Context(progress, step),
            Search($"{_options.CodeVersion} {_options.SpecHash}"));
        OutcomeTrial trial = await Task.Run(
            () => trainer.RunAsync(
                snapshot, set, wanted, LabelledSet.FeaturesOf(_spec, _views), champion, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return (set, leaks, trial);
    }
}
