using System.Diagnostics;
using Tandem.Events;
using Tandem.Learning;
using Tandem.Registry;
using Tandem.Training;
using Tandem.Worlds;

namespace Tandem.Workspace.Demo;

/// <summary>The demonstration: fourteen recorded days of the short-video world, one training run, then live days on
/// the lists that are served, with a concept drift planted at the start of day 17.</summary>
public sealed class VideoDemo : IAsyncDisposable
{
    /// <summary>What evaluations call the oracle.</summary>
    public const string OracleName = "oracle (knows the world)";

    private const int HistoryDays = 14;
    private const int BatchEvents = 10_000;
    private const double DriftStrength = 0.6;

    private readonly DemoOptions _options;
    private readonly DemoClock _clock;

    private VideoDemo(DemoOptions options, VideoWorld world, DemoClock clock, TandemWorkspace workspace)
    {
        _options = options;
        World = world;
        _clock = clock;
        Workspace = workspace;
    }

    /// <summary>The world that lives.</summary>
    public VideoWorld World { get; }

    /// <summary>The system that serves it.</summary>
    public TandemWorkspace Workspace { get; }

    /// <summary>Day on which people start to like other things, from 1.</summary>
    public static int ConceptDriftDay => 17;

    /// <summary>Writes the system's file and opens it.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<VideoDemo> CreateAsync(
        DemoOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        WorldOptions settings = new() { Seed = options.Seed, Scale = options.Scale, HistoryDays = HistoryDays };
        settings = settings with
        {
            ConceptDriftAt = settings.Start.AddDays(16),
            ConceptDriftStrength = DriftStrength,
        };
        VideoWorld world = new(settings);
        string path = options.SpecPath ?? NewSystem.Create("video-demo", "video", options.Folder);
        DemoClock clock = new(settings.Start.AddDays(HistoryDays));
        TandemWorkspace workspace = await TandemWorkspace.OpenAsync(
            options.Workspace with
            {
                SpecPath = path,
                Clock = clock,
                ThreadCount = options.ThreadCount,
                CompactEvery = TimeSpan.FromHours(6),
            },
            cancellationToken).ConfigureAwait(false);
        return new VideoDemo(options, world, clock, workspace);
    }

    /// <summary>Lets the recorded days happen: into the raw log, then into the lake.</summary>
    /// <param name="progress">Receives steps and their shares.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<DemoHistory> RecordAsync(
        IProgress<(string Step, double Share)> progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var watch = Stopwatch.StartNew();
        long count = 0;
        DateTimeOffset start = World.Options.Start;
        Task pending = Task.CompletedTask;
        DateTimeOffset now = _clock.GetUtcNow();
        // What phones report later is not known yet: a log cannot hold it.
        foreach (EventRecord[] batch in World.History().Where(record => record.KnownTime <= now).Chunk(BatchEvents))
        {
            await pending.ConfigureAwait(false);
            pending = Workspace.AppendAsync(batch, cancellationToken).AsTask();
            count += batch.Length;
            double share = (batch[^1].EventTime!.Value - start) / TimeSpan.FromDays(HistoryDays);
            progress.Report(("record 14 days into the raw log", Math.Clamp(share, 0, 0.999)));
        }

        await pending.ConfigureAwait(false);
        progress.Report(("record 14 days into the raw log", 1));
        double appendSeconds = watch.Elapsed.TotalSeconds;
        watch.Restart();
        Progress<double> compacted = new(share => progress.Report(("compact into the lake", Math.Min(share, 0.999))));
        await Workspace.CompactAsync(compacted, cancellationToken).ConfigureAwait(false);
        progress.Report(("compact into the lake", 1));
        LakeNumbers lake = Workspace.Snapshot().Lake;
        return new DemoHistory(
            count, World.UsersJoinedBy(_clock.GetUtcNow()), World.ItemsPublishedBy(_clock.GetUtcNow()), appendSeconds,
            watch.Elapsed.TotalSeconds, lake.Files, lake.Bytes);
    }

    /// <summary>Runs the training loop once, with the oracle beside the models, and starts serving.</summary>
    /// <param name="progress">Receives steps and their shares.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<TrainingRun> TrainAsync(
        IProgress<(string Step, double Share)> progress, CancellationToken cancellationToken = default)
    {
        TrainingRun run = await Workspace.TrainAsync(TrainingCause.Manual, progress, [Oracle], cancellationToken)
            .ConfigureAwait(false);
        progress.Report(("read the log into the online state", 0));
        await Workspace.StartServingAsync(cancellationToken).ConfigureAwait(false);
        progress.Report(("read the log into the online state", 1));
        return run;
    }

    /// <summary>Fits and judges the models of the system's file on a recorded world of its own, which goes away afterwards,
    /// with the oracle beside them; registers nothing.</summary>
    /// <param name="specPath">The system's file, with the sources of the template <c>video</c>.</param>
    /// <param name="scale">Size of the world, 0.02 to 10.</param>
    /// <param name="seed">Seed of the world.</param>
    /// <param name="progress">Receives steps and their shares.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<EvaluationResult> EvaluateAsync(
        string specPath, double scale, ulong seed, IProgress<(string Step, double Share)> progress,
        CancellationToken cancellationToken = default)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("tandem-evaluate-");
        try
        {
            VideoDemo demo = await CreateAsync(
                new DemoOptions
                {
                    Folder = folder.FullName,
                    SpecPath = specPath,
                    Workspace = new WorkspaceOptions
                    {
                        Store = folder.FullName,
                        Journal = new() { Folder = "log", Durability = Durability.None },
                    },
                    Scale = scale,
                    Seed = seed,
                },
                cancellationToken).ConfigureAwait(false);
            await using (demo.ConfigureAwait(false))
            {
                await demo.RecordAsync(progress, cancellationToken).ConfigureAwait(false);
                return await demo.Workspace.EvaluateAsync(
                    progress, references: [demo.Oracle], cancellationToken: cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Lets the world live one day on the lists that are served.</summary>
    /// <param name="day">Day, from 1; after the recorded days, in order.</param>
    /// <param name="address">Where the service listens.</param>
    /// <param name="progress">Receives steps and their shares.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<DemoDay> LiveAsync(
        int day, Uri address, IProgress<(string Step, double Share)> progress,
        CancellationToken cancellationToken = default)
    {
        using LiveDay live = new(World, Workspace, _clock, address, _options.ConcurrentVisits);
        return await live.RunAsync(day, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts the whole demonstration into one record.</summary>
    /// <param name="history">The recorded days.</param>
    /// <param name="run">The first training run.</param>
    /// <param name="days">The live days.</param>
    /// <param name="firstModelSeconds">Seconds until the first model was serving.</param>
    /// <param name="seconds">Seconds of all.</param>
    public DemoReport Report(
        DemoHistory history, TrainingRun run, IReadOnlyList<DemoDay> days, double firstModelSeconds, double seconds)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var process = Process.GetCurrentProcess();
        return new DemoReport(
            _options.Scale, _options.Seed, history, run.Evaluation, run.Verdict, firstModelSeconds, days, seconds,
            process.PeakWorkingSet64);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Workspace.DisposeAsync();

    private ReferenceScorer Oracle => new(
        OracleName, (users, items, testStart) => new OracleScorer(World, users, items, testStart));
}
