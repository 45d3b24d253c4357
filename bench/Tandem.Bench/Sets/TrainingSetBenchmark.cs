using System.Diagnostics;
using System.Runtime.InteropServices;
using Tandem.Events;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Lake.Queries;
using Tandem.Storage;

namespace Tandem.Bench.Sets;

/// <summary>Features as of the moment of each label, against DuckDB's as-of join of the same files, written by hand. What
/// both give is compared bit by bit.</summary>
internal sealed class TrainingSetBenchmark : IBenchmark
{
    private const int BatchLength = 1_000;

    public string Name => "sets";

    public string Description =>
        "Training sets: labels joined to the newest event of three keys, as of their moments, against DuckDB's ASOF JOIN";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        using ScratchFolder folder = new(options.Folder);
        LakeOptions engine = new() { Threads = Environment.ProcessorCount };
        FolderStore store = new(folder.Path);
        using ParquetLake lake = await ParquetLake.OpenAsync(store, [LabelledSystem.Table], engine, cancellationToken);
        await FillAsync(options, lake, cancellationToken);
        using LakeSnapshot snapshot = await lake.SnapshotAsync(null, cancellationToken);
        Spine labels = LabelledSystem.Labels(options.Rows / 2, options.Rows);
        string spine = folder.File("spine.parquet");
        BareAsOf.WriteSpine(labels.Times, [.. labels.Entities.Zip(labels.Ids)], spine, engine, cancellationToken);
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(folder.Path, "events"), "*", SearchOption.AllDirectories)];
        float[] ours = [];
        float[] peers = new float[labels.Count * LabelledSystem.Features.Count];
        List<double> peaks = [];
        List<double> peerPeaks = [];
        Figure rate = await Duel.RunAsync(
            options.Rounds,
            () => MeasureAsync(labels.Count, peaks, async () => ours = (await TrainingSetBuilder.BuildAsync(
                snapshot, labels, LabelledSystem.Features, LabelledSystem.AsOf,
                cancellationToken: cancellationToken)).Values),
            () => MeasureAsync(labels.Count, peerPeaks, () => Task.Run(
                () => BareAsOf.Run(
                    files, spine, LabelledSystem.Views, LabelledSystem.Columns, LabelledSystem.AsOf, peers, engine,
                    folder.Path, cancellationToken),
                cancellationToken)),
            cancellationToken);
        Compare(ours, peers);
        return
        [
            rate with
            {
                Name = $"{labels.Count:N0} labels, {options.Rows:N0} events, three views of two features",
                Unit = "labels/s",
                Peer = "DuckDB: three ASOF JOINs in one query, the same files, memory and threads",
                RatioAtLeast = 1 / 1.3,
            },
            new Figure
            {
                Name = "peak memory of the process meanwhile",
                Unit = "MiB",
                Value = peaks.Max(),
                Peer = "the same while the peer runs",
                PeerValue = peerPeaks.Max(),
                Ratio = peaks.Max() / peerPeaks.Max(),
            },
        ];
    }

    private static async Task FillAsync(BenchOptions options, ParquetLake lake, CancellationToken cancellationToken)
    {
        using ScratchFolder folder = new(options.Folder);
        await using FileJournal journal = await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = folder.Path, Durability = Durability.None }, TimeProvider.System,
            cancellationToken);
        for (long first = 0; first < options.Rows; first += BatchLength)
        {
            int count = (int)Math.Min(BatchLength, options.Rows - first);
            await journal.AppendAsync(
                [.. Enumerable.Range(0, count).Select(i => LabelledSystem.Event(first + i, options.Rows))],
                cancellationToken);
        }

        await journal.SealAsync(cancellationToken);
        await lake.CompactAsync(journal, progress: null, cancellationToken);
    }

    private static async Task<double> MeasureAsync(int rows, List<double> peaks, Func<Task> run)
    {
        PeakMemory.Begin();
        var watch = Stopwatch.StartNew();
        await run();
        double seconds = watch.Elapsed.TotalSeconds;
        peaks.Add(PeakMemory.MiB());
        return rows / seconds;
    }

    private static void Compare(ReadOnlySpan<float> ours, ReadOnlySpan<float> peers)
    {
        int same = MemoryMarshal.Cast<float, uint>(ours).CommonPrefixLength(MemoryMarshal.Cast<float, uint>(peers));
        if (same < Math.Max(ours.Length, peers.Length))
        {
            throw new InvalidOperationException(
                $"Value {same} is {ours[same]} by us and {peers[same]} by the peer: one of them is wrong.");
        }
    }
}
