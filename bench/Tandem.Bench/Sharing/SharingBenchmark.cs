using System.Diagnostics;
using Tandem.Bench.Factors;
using Tandem.Learning;
using Tandem.Numerics;

namespace Tandem.Bench.Sharing;

/// <summary>What requests in a process wait while a model is fitted in the same process, beside what they wait
/// alone.</summary>
/// <remarks>Requests work in buffers that stay, as those of the predictor do. What the process allocates meanwhile is collected by
/// stopping all threads, and a thread of the fitting that gave way stops only once it is given its turn: that is told beside the
/// waiting.</remarks>
internal sealed class SharingBenchmark : IBenchmark
{
    private const int UserCount = 20_000;
    private const int ItemCount = 20_000;
    private const int RowCount = 2_000_000;

    // A third of one processor: each request scores all items for a user and takes the best.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(2);

    [ThreadStatic]
    private static float[]? _scores;

    public string Name => "sharing";

    public string Description => "Requests while a model is fitted in the same process, against requests alone";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        SparseRows users = FactorBenchmark.Draw(UserCount, ItemCount, RowCount);
        Interactions rows = new()
        {
            UserCount = UserCount,
            ItemCount = ItemCount,
            RowStarts = users.Starts,
            Items = users.Columns,
        };

        // As training does in a process that serves: one processor is left to requests.
        FitContext context = new() { Seed = 1, ThreadCount = Math.Max(1, Environment.ProcessorCount - 1) };
        IItemScorer served = Fit(rows, context, cancellationToken);
        List<double> alone = [];
        List<double> shared = [];
        List<double> stopped = [];
        for (int round = 0; round <= options.Rounds; round++)
        {
            double before = await RequestsAsync(served, users, options.Seconds, cancellationToken);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var fitting = Task.Run(() => FitUntilStopped(rows, context, stop.Token), cancellationToken);
            TimeSpan paused = GC.GetTotalPauseDuration();
            double during = await RequestsAsync(served, users, options.Seconds, cancellationToken);
            paused = GC.GetTotalPauseDuration() - paused;
            await stop.CancelAsync();
            await fitting;

            // The first round warms up.
            if (round > 0)
            {
                alone.Add(before);
                shared.Add(during);
                stopped.Add(paused.TotalMilliseconds / options.Seconds);
            }
        }

        return
        [
            new Figure { Name = "p99 of requests alone", Unit = "ms", Value = Duel.Median(alone) },
            new Figure { Name = "p99 of requests while a model is fitted", Unit = "ms", Value = Duel.Median(shared) },
            new Figure { Name = "stopped by collections meanwhile", Unit = "ms/s", Value = Duel.Median(stopped) },
            new Figure
            {
                Name = "how many times as long", Unit = "", AtMost = 2,
                Value = Duel.Median(shared.Zip(alone, static (with, without) => with / without)),
            },
        ];
    }

    /// <summary>Sends requests at fixed moments, whether or not the earlier ones are answered, and counts from the
    /// moment.</summary>
    /// <returns>The 99th percentile in milliseconds.</returns>
    private static async Task<double> RequestsAsync(
        IItemScorer served, SparseRows users, double seconds, CancellationToken cancellationToken)
    {
        int count = Math.Max(100, (int)(seconds / Between.TotalSeconds));
        var answers = new Task<double>[count];
        long start = Stopwatch.GetTimestamp();
        TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // The clock that sends is another machine in life: a thread of its own, which only waits and hands over.
        using ManualResetEventSlim never = new();
        Thread sender = new(() =>
        {
            for (int i = 0; i < count; i++)
            {
                TimeSpan due = Between * i;
                TimeSpan wait = due - Stopwatch.GetElapsedTime(start);
                if (wait > TimeSpan.Zero)
                {
                    _ = never.Wait(wait);
                }

                long moment = Stopwatch.GetTimestamp();
                int user = i % users.RowCount;
                answers[i] = Task.Run(() => Answer(served, users.ColumnsOf(user), moment), cancellationToken);
            }

            sent.SetResult();
        });
        sender.Start();
        await sent.Task;
        double[] waited = await Task.WhenAll(answers);
        Array.Sort(waited);
        return waited[(int)(0.99 * count)];
    }

    private static double Answer(IItemScorer served, ReadOnlySpan<int> history, long moment)
    {
        float[] scores = _scores ??= new float[served.ItemCount];
        served.ScoreItems(new ItemQuery { History = history }, scores);
        Span<int> best = stackalloc int[100];
        _ = TopK.Select(scores, best);
        return Stopwatch.GetElapsedTime(moment).TotalMilliseconds;
    }

    /// <summary>Fits as training beside a service does.</summary>
    private static IItemScorer Fit(Interactions rows, FitContext context, CancellationToken cancellationToken) =>
        ModelCatalogue.Default.Find("ials").Fit(
            rows,
            new Dictionary<string, double>(StringComparer.Ordinal) { ["factors"] = 64, ["epochs"] = 1 },
            context, cancellationToken);

    private static void FitUntilStopped(Interactions rows, FitContext context, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                _ = Fit(rows, context, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // It was stopped, as it was meant to be.
        }
    }
}
