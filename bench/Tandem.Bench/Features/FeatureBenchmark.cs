using System.Diagnostics;
using Tandem.Events;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Storage;

namespace Tandem.Bench.Features;

/// <summary>Reads of the online features while events are applied, against a dictionary of ready vectors; how soon an
/// event can be read; and a restart.</summary>
internal sealed class FeatureBenchmark : IBenchmark
{
    /// <summary>Numbers of events that arrive during the measurement begin here.</summary>
    public const long FirstLive = 1L << 40;

    private const int UserCount = 20_000;
    private const int EventsPerUser = 50;
    private const int PerSecond = 50_000;
    private const int RestartEntities = 1_000_000;
    private const int BatchLength = 1_000;

    public string Name => "features";

    public string Description =>
        "Online features while 50,000 events/s are applied, against copying ready vectors out of a dictionary; a restart";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        List<Figure> figures = [];
        using (ScratchFolder folder = new(options.Folder))
        {
            await using FileJournal journal = await OpenAsync(folder, cancellationToken);
            var store = new FeatureStore(FeatureSystem.Views);
            await FillAsync(journal, store, UserCount, EventsPerUser, cancellationToken);
            await using AppliedLoad load = new(store, journal, UserCount, PerSecond);
            foreach ((int rows, int features, double most) in
                ((int, int, double)[])[(1, 250, 0.2), (100, 50, 2), (50, 200, 3)])
            {
                figures.AddRange(await ReadAsync(options, store, rows, features, most, cancellationToken));
            }

            figures.Add(new Figure
            {
                Name = "from the append to the value, p99",
                Unit = "ms",
                Value = Percentile(load.Freshness(), 0.99),
                AtMost = 100,
            });
            figures.Add(new Figure { Name = "events applied meanwhile", Unit = "events", Value = load.Applied });
        }

        figures.Add(await KeptDuel.RunAsync(options, readsPerEvent: 1, cancellationToken));
        figures.Add(await KeptDuel.RunAsync(options, readsPerEvent: 10, cancellationToken));
        figures.AddRange(await RestartAsync(options, cancellationToken));
        if (options.FeatureServer is not null)
        {
            figures.AddRange(await ServerDuel.RunAsync(options, cancellationToken));
        }

        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> ReadAsync(
        BenchOptions options, FeatureStore store, int rows, int features, double most,
        CancellationToken cancellationToken)
    {
        FeatureReader reader = store.Reader(FeatureSystem.Choose(features));
        string[] users = [.. Enumerable.Range(0, UserCount).Select(FeatureSystem.User)];
        Dictionary<string, float[]> ready = users.ToDictionary(
            user => user, _ => new float[features], StringComparer.Ordinal);
        float[] values = new float[rows * features];
        string[] ids = new string[rows];
        List<double> medians = [];
        Figure slowest = await Duel.RunAsync(options.Rounds, () => MeasureAsync(Ours), () => MeasureAsync(Peer), cancellationToken);
        string name = $"{rows} × {features} features";
        return
        [
            slowest with { Name = $"{name}, p99", Unit = "ms", Peer = "copies out of a dictionary", AtMost = most },
            new Figure { Name = $"{name}, p50", Unit = "ms", Value = Percentile([.. medians], 0.5) },
        ];

        void Ours() => reader.Read("user", ids, TimeProvider.System.GetUtcNow(), values);

        void Peer()
        {
            for (int i = 0; i < rows; i++)
            {
                ready[ids[i]].CopyTo(values, i * features);
            }
        }

        // A request each millisecond: what waits for a processor is the machine's, what takes long is ours.
        async Task<double> MeasureAsync(Action read)
        {
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(1));
            List<double> times = [];
            var watch = Stopwatch.StartNew();
            for (int n = 0; watch.Elapsed.TotalSeconds < options.Seconds; n += rows)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
                for (int i = 0; i < rows; i++)
                {
                    ids[i] = users[(int)((n + i) * 7_919L % UserCount)];
                }

                long begun = Stopwatch.GetTimestamp();
                read();
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            if (read == Ours)
            {
                medians.Add(Percentile([.. times], 0.5));
            }

            return Percentile([.. times], 0.99);
        }
    }

    private static async Task<IReadOnlyList<Figure>> RestartAsync(
        BenchOptions options, CancellationToken cancellationToken)
    {
        using ScratchFolder folder = new(options.Folder);
        await using FileJournal journal = await OpenAsync(folder, cancellationToken);
        FolderStore objects = new(folder.File("store"));
        using ParquetLake lake = await ParquetLake.OpenAsync(objects, [], new LakeOptions(), cancellationToken);
        using LakeSnapshot empty = await lake.SnapshotAsync(null, cancellationToken);
        var running = new FeatureStore(FeatureSystem.Views);
        await FillAsync(journal, running, RestartEntities, 2, cancellationToken);
        var watch = Stopwatch.StartNew();
        FeatureSnapshot saved = await running.SaveSnapshotAsync(objects, cancellationToken);
        double saving = watch.Elapsed.TotalSeconds;
        long bytes = 0;
        await foreach (ObjectEntry entry in objects.ListAsync("online/", cancellationToken))
        {
            bytes = entry.Bytes;
        }

        List<double> seconds = [];
        FeatureSet set = FeatureSystem.Choose(250);
        float[] expected = new float[set.Count];
        float[] values = new float[set.Count];
        for (int round = 0; round < options.Rounds; round++)
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            string user = FeatureSystem.User(round);
            running.Reader(set).Read("user", user, now, expected);
            watch.Restart();
            var store = new FeatureStore(FeatureSystem.Views);
            await store.RestoreAsync(empty, journal, objects, cancellationToken);
            store.Reader(set).Read("user", user, now, values);
            seconds.Add(watch.Elapsed.TotalSeconds);
            if (!values.AsSpan().SequenceEqual(expected))
            {
                throw new InvalidOperationException("The restarted store answers otherwise.");
            }
        }

        return
        [
            new Figure
            {
                Name = $"restart with {saved.Series:N0} entities", Unit = "s", Value = Percentile([.. seconds], 0.5), AtMost = 5,
            },
            new Figure { Name = "saving them, while nothing else happens", Unit = "s", Value = saving },
            new Figure { Name = "their snapshot", Unit = "bytes", Value = bytes },
        ];
    }

    internal static async Task FillAsync(
        FileJournal journal, FeatureStore store, int users, int eventsPerUser, CancellationToken cancellationToken)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        for (long first = 0; first < (long)users * eventsPerUser; first += BatchLength)
        {
            await journal.AppendAsync(
                [
                    .. Enumerable.Range(0, BatchLength).Select(i => FeatureSystem.Make(
                        first + i, (int)((first + i) % users), now - FeatureSystem.Age(first + i))),
                ],
                cancellationToken);
        }

        await foreach (JournalBatch batch in journal.ReadAsync(store.AppliedUntil, follow: false, cancellationToken))
        {
            store.Apply(batch);
        }
    }

    internal static async Task<FileJournal> OpenAsync(ScratchFolder folder, CancellationToken cancellationToken) =>
        await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = folder.File("log") }, TimeProvider.System, cancellationToken);

    internal static double Percentile(double[] values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];
    }
}
