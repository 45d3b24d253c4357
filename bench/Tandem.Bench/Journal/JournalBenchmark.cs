using System.Diagnostics;
using Tandem.Events;

namespace Tandem.Bench.Journal;

/// <summary>The raw log against what its disk allows: a bare loop that writes and flushes the same bytes.</summary>
internal sealed class JournalBenchmark : IBenchmark
{
    private const int BatchWriters = 8;
    private const int BatchLength = 500;
    private const int SingleWriters = 64;
    private const int AllocationBatches = 200;

    // By then the journal's memory of ids has grown to its full size.
    private const int WarmBatches = 2 * FileJournalOptions.DefaultRememberedIdCount / BatchLength;

    public string Name => "journal";

    public string Description =>
        "Durable appends against a bare write-and-flush loop and a bare group commit; allocation per event; with " +
        "--journal a broker's stream against a bare publisher";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        EventPool events = new(BatchWriters, BatchLength);
        byte[] line = events.Line();
        Figure batches = await Duel.RunAsync(
            options.Rounds,
            () => AppendAsync(options, events, BatchWriters, BatchLength),
            () => BareLoop.RunAsync(options, line, BatchWriters * BatchLength),
            cancellationToken);
        EventPool singles = new(SingleWriters, 1);
        Figure single = await Duel.RunAsync(
            options.Rounds,
            () => AppendAsync(options, singles, SingleWriters, 1),
            () => BareGroupCommit.RunAsync(options, line, SingleWriters),
            cancellationToken);
        Figure[] streams = options.Broker is null
            ? []
            : [
                await StreamDuel.RunAsync(options, events, BatchWriters, BatchLength, cancellationToken),
                await StreamDuel.RunAsync(options, singles, SingleWriters, 1, cancellationToken),
            ];
        return
        [
            batches with
            {
                Name = $"{BatchWriters} writers, batches of {BatchLength}",
                Unit = "events/s",
                Peer = $"write and flush {BatchWriters * BatchLength} ready lines, in a loop",
                AtLeast = 1e6,
                RatioAtLeast = 0.8,
            },
            single with
            {
                Name = $"{SingleWriters} writers, one event each",
                Unit = "events/s",
                Peer = "bare group commit of ready lines",
                RatioAtLeast = 0.8,
            },
            new Figure
            {
                Name = "allocated by an append, beside the event itself",
                Unit = "bytes/event",
                Value = await AllocationAsync(options, events),
                AtMost = 8,
            },
            .. streams,
        ];
    }

    /// <summary>Measures events a second: each writer appends its next batch when the last one is durable.</summary>
    public static async Task<double> AppendAsync(BenchOptions options, EventPool events, int writers, int length)
    {
        using ScratchFolder folder = new(options.Folder);
        await using FileJournal journal = await OpenAsync(folder);
        return await AppendAsync(options, journal, events, writers, length);
    }

    /// <summary>Measures events a second of a journal that is open.</summary>
    public static async Task<double> AppendAsync(
        BenchOptions options, IJournal journal, EventPool events, int writers, int length)
    {
        long appended = 0;
        var watch = Stopwatch.StartNew();
        var stop = TimeSpan.FromSeconds(options.Seconds);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (int round = 0; watch.Elapsed < stop; round++)
            {
                await journal.AppendAsync(events.Batch(writer, round));
                Interlocked.Add(ref appended, length);
            }
        })));
        return appended / watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> AllocationAsync(BenchOptions options, EventPool events)
    {
        using ScratchFolder folder = new(options.Folder);
        await using FileJournal journal = await OpenAsync(folder);
        long before = 0;
        for (int round = 0; round < WarmBatches + AllocationBatches; round++)
        {
            if (round == WarmBatches)
            {
                before = GC.GetTotalAllocatedBytes(precise: true);
            }

            await journal.AppendAsync(events.Batch(round % BatchWriters, round / BatchWriters));
        }

        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        return allocated / (double)(AllocationBatches * BatchLength);
    }

    private static ValueTask<FileJournal> OpenAsync(ScratchFolder folder) =>
        FileJournal.OpenAsync(new FileJournalOptions { Folder = folder.Path }, TimeProvider.System);
}
