using System.Diagnostics;
using System.Globalization;
using Tandem.Bench.Numerics;
using Tandem.Learning;
using Tandem.Learning.Ials;
using Tandem.Numerics;

namespace Tandem.Bench.Factors;

/// <summary>Epochs of matrix factorisation beside the multiply-adds that the processors can do.</summary>
internal sealed class FactorBenchmark : IBenchmark
{
    private const int PeakTurns = 1 << 18;
    private const int ConjugateSteps = 3;

    private static readonly (int Users, int Items, int Rows)[] Sets =
        [(6_040, 3_706, 1_000_000), (138_493, 26_744, 20_000_000)];

    public string Name => "factors";

    public string Description => "Epochs of iALS, exact and by conjugate gradients, against the multiply-adds of the processors";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        List<Figure> figures = [];
        foreach ((int userCount, int itemCount, int count) in Sets)
        {
            SparseRows users = Draw(userCount, itemCount, count);
            SparseRows items = users.Transpose();
            foreach (int factors in (int[])[64, 128])
            {
                foreach (int steps in (int[])[0, ConjugateSteps])
                {
                    foreach (int threads in (int[])[1, Math.Min(2, Environment.ProcessorCount)])
                    {
                        figures.AddRange(await MeasureAsync(
                            options, users, items, new IalsOptions { Factors = factors, ConjugateSteps = steps }, threads,
                            cancellationToken));
                    }
                }
            }
        }

        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(
        BenchOptions options, SparseRows users, SparseRows items, IalsOptions settings, int threads,
        CancellationToken cancellationToken)
    {
        Matrix userFactors = new(users.RowCount, settings.Factors);
        Matrix itemFactors = IalsTrainer.DrawFactors(items.RowCount, settings, seed: 1);
        FitContext context = new() { Seed = 1, ThreadCount = threads };
        double operations = Operations(users, settings) + Operations(items, settings);
        List<double> seconds = [];
        Figure figure = await Duel.RunAsync(
            options.Rounds,
            () => Task.Run(
                () =>
                {
                    var watch = Stopwatch.StartNew();
                    IalsTrainer.RunEpoch(
                        users, items, userFactors, itemFactors, settings, epoch: 0, context, cancellationToken);
                    seconds.Add(watch.Elapsed.TotalSeconds);
                    return operations / seconds[^1] / 1e9;
                },
                cancellationToken),
            () => Task.Run(() => PeakRate(threads, cancellationToken), cancellationToken),
            cancellationToken);
        string what = string.Create(
            CultureInfo.InvariantCulture,
            $"iALS {(settings.ConjugateSteps == 0 ? "exact" : $"{settings.ConjugateSteps} steps")}, " +
            $"{users.Values.Length / 1_000_000} M rows, {settings.Factors} factors, {threads} thread{(threads > 1 ? "s" : "")}");
        bool isAsked = users.Values.Length > 10_000_000 && settings is { Factors: 64, ConjugateSteps: > 0 } && threads > 1;
        return
        [
            figure with { Name = what, Unit = "GFLOP/s", Peer = "multiply-adds on registers alone" },
            new Figure
            {
                Name = "an epoch of it", Unit = "s", Value = Duel.Median(seconds.Skip(1)), AtMost = isAsked ? 0.5 : null,
            },
        ];
    }

    /// <summary>Operations that the method cannot do without: sums of squares and elimination, or the products of each
    /// step.</summary>
    private static double Operations(SparseRows rows, IalsOptions settings)
    {
        double size = settings.Factors;
        return settings.ConjugateSteps == 0
            ? (rows.Values.Length * size * size) + (rows.RowCount * size * size * size / 3)
            : (settings.ConjugateSteps + 1) * ((4 * rows.Values.Length * size) + (2 * rows.RowCount * size * size));
    }

    private static double PeakRate(int threads, CancellationToken cancellationToken)
    {
        const int Chunks = 64;
        var watch = Stopwatch.StartNew();
        ParallelChunks.Run(
            Chunks, 1, threads, static () => 0, static (_, _, _, _) => _ = PeakLoop.Run(PeakTurns), cancellationToken);
        return Chunks * PeakTurns * PeakLoop.OperationsPerTurn / watch.Elapsed.TotalSeconds / 1e9;
    }

    /// <summary>Users of very different diligence, items of very different fame, as in logs of films.</summary>
    internal static SparseRows Draw(int userCount, int itemCount, int count)
    {
        SeededRandom random = new(seed: 1);
        int[] starts = new int[userCount + 1];
        int[] columns = new int[count];
        float[] values = new float[count];
        Array.Fill(values, 1);
        double[] shares = [.. Enumerable.Range(0, userCount).Select(_ => Math.Exp(random.NextGaussian()))];
        double all = shares.Sum();
        double reached = 0;
        for (int user = 0; user < userCount; user++)
        {
            reached += shares[user];
            starts[user + 1] = Math.Max(starts[user], (int)(count * (reached / all)));
            for (int row = starts[user]; row < starts[user + 1]; row++)
            {
                double place = random.NextDouble();
                columns[row] = (int)(itemCount * place * place * place);
            }

            columns.AsSpan(starts[user], starts[user + 1] - starts[user]).Sort();
        }

        starts[^1] = count;
        return new SparseRows(itemCount, starts, columns, values);
    }
}
