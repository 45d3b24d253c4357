using System.Diagnostics;
using Tandem.Bench.Numerics;
using Tandem.Learning;
using Tandem.Learning.TwoTower;
using Tandem.Numerics;

namespace Tandem.Bench.TwoTower;

/// <summary>Steps of fitting two towers, against PyTorch on the same processor, or against its multiply-adds where PyTorch
/// is not there.</summary>
internal sealed class TwoTowerBenchmark : IBenchmark
{
    private const int Users = 100_000;
    private const int Items = 50_000;
    private const int Factors = 64;
    private const int Hidden = 128;
    private const int Batch = 1024;
    private const int RowsPerUser = 2;
    private const int PeakTurns = 1 << 16;

    public string Name => "two_tower";

    public string Description => "Examples a second of two towers, against PyTorch on the processor";

    // Forwards and backwards, both sides: two layers each; and the scores of all users and items of a batch.
    private static double OperationsPerExample => (3 * 2 * 2 * 2.0 * Factors * Hidden) + (3 * 2.0 * Batch * Factors);

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        PythonPeer? torch = await PythonPeer.FindAsync("torch", "two_tower_torch.py", cancellationToken);
        List<Figure> figures = [];
        foreach ((int threads, int history, double asked) in
            ((int, int, double)[])[(1, 0, 2.2), (2, 0, 4), (1, 20, 2.2), (2, 20, 4)])
        {
            Interactions rows = Draw(history);
            Figure figure = await Duel.RunAsync(
                options.Rounds,
                () => Task.Run(() => Measure(rows, threads, history, options.Seconds, cancellationToken)),
                () => torch is not null
                    ? torch.MeasureAsync(threads, [options.Seconds, history], cancellationToken)
                    : Task.Run(() => threads * Peak(options.Seconds)),
                cancellationToken);
            string of = history == 0 ? "ids alone" : $"ids and the last {history} items";
            figures.Add(figure with
            {
                Name = $"{of}, {(threads == 1 ? "one thread" : "two threads")}",
                Unit = "examples/s",
                Peer = torch is not null ? "PyTorch, OpenBLAS tuned" : "multiply-adds on registers alone, no PyTorch here",
                RatioAtLeast = torch is not null ? asked : 0.75,
            });
        }

        return figures;
    }

    /// <summary>Examples a second between the first pass and the last.</summary>
    private static double Measure(
        Interactions rows, int threads, int history, double seconds, CancellationToken cancellationToken)
    {
        PassClock clock = new(seconds, cancellationToken);
        using CancellationTokenSource over = clock.Over;
        try
        {
            _ = TwoTowerTrainer.Fit(
                rows,
                new TwoTowerOptions
                {
                    Factors = Factors,
                    Hidden = Hidden,
                    Normalise = false,
                    Temperature = 1,
                    IdDropout = 0,
                    HistoryLength = history,
                    RecencyDecay = 1,
                    BatchSize = Batch,
                    UniformNegatives = 0,
                    Epochs = 1000,
                    ValidationShare = 0,
                },
                new FitContext { ThreadCount = threads, Progress = clock },
                over.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over.
        }

        return rows.Count * clock.PassesPerSecond;
    }

    /// <summary>Who chose what by chance, popular items more often. With a history, a user has enough rows for it.</summary>
    private static Interactions Draw(int history)
    {
        SeededRandom random = new(seed: 1);
        int perUser = history == 0 ? RowsPerUser : 2 * history;
        int users = history == 0 ? Users : Users / 10;
        int[] starts = [.. Enumerable.Range(0, Users + 1).Select(user => Math.Min(user, users) * perUser)];
        int[] items = new int[starts[^1]];
        foreach (ref int item in items.AsSpan())
        {
            item = (int)(Math.Pow(random.NextDouble(), 3) * Items);
        }

        return new Interactions { UserCount = Users, ItemCount = Items, RowStarts = starts, Items = items };
    }

    private static double Peak(double seconds)
    {
        double done = 0;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            _ = PeakLoop.Run(PeakTurns);
            done += PeakTurns * PeakLoop.OperationsPerTurn;
        }

        return done / watch.Elapsed.TotalSeconds / OperationsPerExample;
    }

    /// <summary>Counts passes while time lasts, the first one not: the runtime compiles in it.</summary>
    private sealed class PassClock : IProgress<double>
    {
        private readonly double _seconds;
        private readonly Stopwatch _watch = new();
        private int _passes = -1;

        public PassClock(double seconds, CancellationToken cancellationToken)
        {
            _seconds = seconds;
            Over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        }

        public CancellationTokenSource Over { get; }

        public double PassesPerSecond { get; private set; }

        public void Report(double value)
        {
            _passes++;
            if (_passes == 0)
            {
                _watch.Start();
                return;
            }

            PassesPerSecond = _passes / _watch.Elapsed.TotalSeconds;
            if (_watch.Elapsed.TotalSeconds >= _seconds)
            {
                Over.Cancel();
            }
        }
    }
}
