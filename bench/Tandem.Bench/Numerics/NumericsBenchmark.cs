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

    // Side, input and output channels of the blocks of an encoder of pictures.
    private static readonly (int Side, int Inputs, int Outputs)[] Convolutions = [(24, 32, 32), (12, 32, 64), (6, 64, 128)];

    public string Name => "numerics";

    public string Description =>
        "Products of matrices, and convolutions, against the multiply-adds that one core can do; one thread";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        List<Figure> figures = [];
        foreach ((int rows, int inner, int columns) in Shapes)
        {
            Matrix left = Draw(rows, inner);
            Matrix right = Draw(inner, columns);
            Matrix result = new(rows, columns);
            double operations = 2.0 * rows * inner * columns;
            figures.Add(await AgainstPeakAsync(
                options, operations,
                () => MatrixProduct.Multiply(left, right, result, threadCount: 1, cancellationToken),
                cancellationToken) with
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"product of {rows} × {inner} and {inner} × {columns}"),
                RatioAtLeast = 0.9,
            });
        }

        foreach ((int side, int inputs, int outputs) in Convolutions)
        {
            ConvolutionLoad load = new(side, inputs, outputs);
            figures.Add(await AgainstPeakAsync(options, load.Operations, load.Run, cancellationToken) with
            {
                Name = string.Create(
                    CultureInfo.InvariantCulture, $"convolution of {side} × {side}, {inputs} to {outputs}, with its gradients"),
            });
        }

        return figures;
    }

    private static async Task<Figure> AgainstPeakAsync(
        BenchOptions options, double operations, Action action, CancellationToken cancellationToken)
    {
        Figure figure = await Duel.RunAsync(
            options.Rounds,
            () => RateAsync(options, operations, action),
            () => RateAsync(options, PeakTurns * PeakLoop.OperationsPerTurn, static () => _ = PeakLoop.Run(PeakTurns)),
            cancellationToken);
        return figure with { Unit = "GFLOP/s", Peer = "multiply-adds on registers alone" };
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
