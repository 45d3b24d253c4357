using System.Diagnostics;
using Tandem.Learning;
using Tandem.Learning.Ftrl;
using Tandem.Learning.Inputs;
using Tandem.Numerics;

namespace Tandem.Bench.Ftrl;

/// <summary>Learning from one example after another on hashed features, on one thread, against the paper's algorithm as one
/// would write it.</summary>
internal sealed class FtrlBenchmark : IBenchmark
{
    private const int Examples = 500_000;

    private static readonly FtrlRates Rates = new(Alpha: 0.1f, Beta: 1, L1: 1e-6f, L2: 1e-6f);

    public string Name => "ftrl";

    public string Description =>
        "FTRL-proximal on 39 hashed features, one thread, against the algorithm written plainly in double precision";

    public Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                ClickExamples clicks = new(Examples);
                List<Figure> figures = [];
                foreach (int bits in (int[])[22, 24])
                {
                    figures.AddRange(await MeasureTableAsync(clicks, bits, options, cancellationToken));
                }

                figures.Add(MeasureLearner(clicks, options));
                return (IReadOnlyList<Figure>)figures;
            },
            cancellationToken);

    private static async Task<IReadOnlyList<Figure>> MeasureTableAsync(
        ClickExamples clicks, int bits, BenchOptions options, CancellationToken cancellationToken)
    {
        int[] slots = clicks.Hash(bits);
        double ourLoss = 0;
        double peerLoss = 0;
        Figure duel = await Duel.RunAsync(
            options.Rounds,
            () => Task.FromResult(Ours()), () => Task.FromResult(Peer()),
            cancellationToken);
        return
        [
            duel with
            {
                Name = $"39 features and bias in 2^{bits} slots, hashed before",
                Unit = "examples/s",
                Peer = "the algorithm written plainly in double precision",
                AtLeast = 5_000_000,
            },
            new Figure
            {
                Name = $"progressive log-loss in 2^{bits} slots, apart from the peer's",
                Unit = "nats",
                Value = Math.Abs(ourLoss - peerLoss),
                PeerValue = peerLoss,
                Peer = "progressive log-loss in double precision",
                AtMost = 1e-4,
            },
        ];

        double Ours()
        {
            using FtrlTable table = new((1 << bits) + 1, Rates);
            return Time(() => ourLoss = Learn(table, slots, clicks.Labels));
        }

        double Peer()
        {
            PlainFtrl plain = new((1 << bits) + 1, Rates);
            return Time(() => peerLoss = plain.Learn(slots, clicks.Labels));
        }
    }

    /// <summary>Rows in, hashing among it.</summary>
    private static Figure MeasureLearner(ClickExamples clicks, BenchOptions options)
    {
        LabelledRows rows = clicks.ToRows();
        float[] scores = new float[rows.Count];
        double[] rates = new double[options.Rounds + 1];
        foreach (ref double rate in rates.AsSpan())
        {
            using FtrlLearner learner = new(
                RowInputs.AsTheyAre(0, rows.SparseCount),
                new FtrlOptions { Bits = 22, Sparsity = Rates.L1, Regularisation = Rates.L2 });
            rate = Time(() => learner.Learn(rows.Features, rows.Labels, [], scores));
        }

        return new Figure
        {
            Name = "the same from rows, hashing among it, 2^22 slots",
            Unit = "examples/s",
            Value = Duel.Median(rates.Skip(1)),
        };
    }

    private static double Learn(FtrlTable table, int[] slots, float[] labels)
    {
        const int Ahead = 8;
        const int Width = ClickExamples.Width;
        float[] values = [.. Enumerable.Repeat(1f, Width)];
        double loss = 0;
        for (int example = 0; example < labels.Length; example++)
        {
            if (example + Ahead < labels.Length)
            {
                table.Prefetch(slots.AsSpan((example + Ahead) * Width, Width));
            }

            ReadOnlySpan<int> own = slots.AsSpan(example * Width, Width);
            float score = table.Score(own, values);
            float side = labels[example] > 0 ? 1 : -1;
            float small = MathF.Exp(-MathF.Abs(score));
            loss += MathF.Max(-side * score, 0) + MathF.Log(1 + small);
            table.Step(((score > 0 ? 1 : small) / (1 + small)) - labels[example]);
        }

        return loss / labels.Length;
    }

    private static double Time(Action learn)
    {
        var watch = Stopwatch.StartNew();
        learn();
        return Examples / watch.Elapsed.TotalSeconds;
    }
}
