using System.Diagnostics;
using Tandem.Events;
using Tandem.Lake;
using Tandem.Lake.Compaction;
using Tandem.Storage;

namespace Tandem.Bench.Compaction;

/// <summary>From the raw log to the lake, against what the engine alone does with the same lines. One measurement
/// is one whole log, however long it takes.</summary>
internal sealed class CompactionBenchmark : IBenchmark
{
    private const int RowCount = 2_000_000;
    private const int BatchLength = 1_000;

    private static readonly LakeTable Table = new()
    {
        Name = "play",
        Entities = ["user", "item"],
        Columns = [new LakeColumn("watch_fraction", LakeType.Number)],
    };

    public string Name => "compaction";

    public string Description =>
        "Checked, deduplicated, sorted, by date: log to lake, against DuckDB's COPY of its lines to one Parquet file";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        using ScratchFolder folder = new(options.Folder);
        await using FileJournal journal = await FillAsync(folder, cancellationToken);
        IReadOnlyList<JournalSegment> segments = await journal.ClosedSegmentsAsync(journal.Begin, cancellationToken);
        LakeOptions engine = new() { Threads = Environment.ProcessorCount };
        Figure rows = await Duel.RunAsync(
            options.Rounds,
            () => CompactAsync(options, journal, engine, cancellationToken),
            () => CopyAsync(options, segments, engine, cancellationToken),
            cancellationToken);
        return
        [
            rows with
            {
                Name = $"{RowCount / 1_000_000} million events of one type",
                Unit = "rows/s",
                Peer = "COPY of the lines as they lie, zstd, DuckDB",
                AtLeast = 2e6,
                RatioAtLeast = 0.7,
            },
        ];
    }

    private static async Task<FileJournal> FillAsync(ScratchFolder folder, CancellationToken cancellationToken)
    {
        FileJournal journal = await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = folder.Path, Durability = Durability.None },
            TimeProvider.System, cancellationToken);
        for (int first = 0; first < RowCount; first += BatchLength)
        {
            await journal.AppendAsync(
                [.. Enumerable.Range(first, BatchLength).Select(static i => EventPool.Make(i))], cancellationToken);
        }

        await journal.SealAsync(cancellationToken);
        return journal;
    }

    private static async Task<double> CompactAsync(
        BenchOptions options, FileJournal journal, LakeOptions engine, CancellationToken cancellationToken)
    {
        using ScratchFolder folder = new(options.Folder);
        using ParquetLake lake = await ParquetLake.OpenAsync(
            new FolderStore(folder.Path), [Table], engine, cancellationToken);
        var watch = Stopwatch.StartNew();
        LakeManifest manifest = await lake.CompactAsync(journal, progress: null, cancellationToken);
        return PerSecond(manifest.RowCount, watch.Elapsed);
    }

    private static Task<double> CopyAsync(
        BenchOptions options, IReadOnlyList<JournalSegment> segments, LakeOptions engine,
        CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using ScratchFolder folder = new(options.Folder);
            var watch = Stopwatch.StartNew();
            long rows = BareCopy.Run(Table, segments, folder.File("bare.parquet"), engine, cancellationToken);
            return PerSecond(rows, watch.Elapsed);
        },
        cancellationToken);

    private static double PerSecond(long rows, TimeSpan elapsed) => rows == RowCount
        ? rows / elapsed.TotalSeconds
        : throw new InvalidOperationException($"{rows} rows arrived of {RowCount}.");
}
