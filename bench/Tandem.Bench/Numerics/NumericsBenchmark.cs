using System.Diagnostics;
using System.Globalization;
using Tandem.Numerics;

namespace Tandem.Bench.Numerics;

/// <summary>Products of dense matrices beside the multiply-adds that one core can do.</summary>
internal sealed class NumericsBenchmark : IBenchmark
{
    private const int PeakTurns = 1 << 16;

    // The shapes that small networks and factor models meet.
    private static readonly (int Rows, int Inner, int Columns)[] Shapes =
        [(256, 64, 64), (1024, 128, 128), (4096, 64, 128), (1024, 64, 1024), (2048, 512, 512)];

    public string Name => "numerics";

    public string Description => "Products of matrices against the multiply-adds that one core can do; one thread";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        List<Figure> figures = [];
        foreach ((int rows, int inner, int columns) in Shapes)
        {
            Matrix left = Draw(rows, inner);
            Matrix right = Draw(inner, columns);
            Matrix result = new(rows, columns);
            double operations = 2.0 * rows * inner * columns;
            Figure figure = await Duel.RunAsync(
                options.Rounds,
                () => RateAsync(
                    options, operations,
                    () => MatrixProduct.Multiply(left, right, result, threadCount: 1, cancellationToken)),
                () => RateAsync(
                    options, PeakTurns * PeakLoop.OperationsPerTurn, static () => _ = PeakLoop.Run(PeakTurns)),
                cancellationToken);
            figures.Add(figure with
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"product of {rows} × {inner} and {inner} × {columns}"),
                Unit = "GFLOP/s",
                Peer = "multiply-adds on registers alone",
                RatioAtLeast = 0.9,
            });
        }

        return figures;
    }

    private static Matrix Draw(int rows, int columns)
    {
        Matrix matrix = new(rows, columns);
        SeededRandom random = new(seed: 1);
        foreach (ref float value in matrix.Values.AsSpan())
        {
            value = random.NextSingle() - 0.5f;
        }

        return matrix;
    }

    private static Task<double> RateAsync(BenchOptions options, double operations, Action action) => Task.Run(() =>
    {
        double done = 0;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < options.Seconds)
        {
            action();
            done += operations;
        }

        return done / watch.Elapsed.TotalSeconds / 1e9;
    });
}
