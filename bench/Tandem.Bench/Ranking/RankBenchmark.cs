using System.Diagnostics;
using System.Globalization;
using Tandem.Features.Encoders;
using Tandem.Learning;
using Tandem.Numerics;
using Tandem.Spec;

namespace Tandem.Bench.Ranking;

/// <summary>Encoding and scoring the candidates of one answer, against inner products over rows that are ready.</summary>
internal sealed class RankBenchmark : IBenchmark
{
    private const int Candidates = 200;
    private const int Features = 50;

    public string Name => "ranking";

    public string Description => "200 candidates × 50 features encoded and scored, against inner products over ready rows";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        (FeatureEncoders encoders, float[] numbers, IRowScorer scorer) = Make(cancellationToken);
        int width = encoders.DenseCount;
        float[] dense = new float[Candidates * width];
        int[] starts = new int[Candidates + 1];
        int[] columns = new int[Candidates * Features];
        float[] values = new float[Candidates * Features];
        float[] scores = new float[Candidates];
        float[] weights = new float[width];
        Array.Fill(weights, 0.5f);
        long allocated = 0;
        Figure duel = await Duel.RunAsync(
            options.Rounds, () => Task.FromResult(Measure(Ours)), () => Task.FromResult(Measure(Peer)), cancellationToken);
        return
        [
            duel with
            {
                Name = "200 × 50 encoded and scored",
                Unit = "rows/s",
                Peer = "inner products over ready rows",
                AtLeast = 1_000_000,
            },
            new Figure { Name = "allocated by it", Unit = "bytes/answer", Value = allocated, AtMost = 0 },
        ];

        void Ours()
        {
            int entries = 0;
            for (int row = 0; row < Candidates; row++)
            {
                FeatureRow one = new() { Numbers = numbers.AsSpan(row * Features, Features) };
                starts[row] = entries;
                entries += encoders.Encode(
                    in one, dense.AsSpan(row * width, width), columns.AsSpan(entries), values.AsSpan(entries));
            }

            starts[Candidates] = entries;
            FeatureRows rows = new()
            {
                Count = Candidates,
                Dense = dense,
                Starts = starts,
                Columns = columns,
                Values = values,
            };
            scorer.ScoreRows(in rows, scores);
        }

        void Peer()
        {
            for (int row = 0; row < Candidates; row++)
            {
                scores[row] = Kernel.Dot(dense.AsSpan(row * width, width), weights);
            }
        }

        double Measure(Action rank)
        {
            rank();
            long before = GC.GetAllocatedBytesForCurrentThread();
            long answers = 0;
            var watch = Stopwatch.StartNew();
            for (; watch.Elapsed.TotalSeconds < options.Seconds; answers++)
            {
                rank();
            }

            allocated = Math.Max(allocated, (GC.GetAllocatedBytesForCurrentThread() - before) / answers);
            return answers * Candidates / watch.Elapsed.TotalSeconds;
        }
    }

    /// <summary>Fits on made-up rows: every fifth number in bins, the others standardised, one in ten missing.</summary>
    private static (FeatureEncoders Encoders, float[] Numbers, IRowScorer Scorer) Make(
        CancellationToken cancellationToken)
    {
        const int Rows = 2_000;
        SeededRandom random = new(seed: 1);
        float[] numbers = new float[Rows * Features];
        float[] labels = new float[Rows];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = random.NextInt(10) == 0 ? float.NaN : MathF.Exp((float)random.NextGaussian());
        }

        for (int row = 0; row < Rows; row++)
        {
            labels[row] = random.NextInt(5) == 0 ? 1 : 0;
        }

        string[] names =
        [
            .. Enumerable.Range(0, Features).Select(static i => string.Create(CultureInfo.InvariantCulture, $"v:f{i}")),
        ];
        (FeatureEncoders encoders, EncodedRows encoded) = FeatureEncoders.Fit(
            new EncoderRows
            {
                Numbers = names,
                Values = numbers,
                Labels = labels,
                Times = new long[Rows],
                IsTraining = [.. Enumerable.Repeat(true, Rows)],
            },
            names.Where(static (_, i) => i % 5 == 0).ToDictionary(
                static name => name, static _ => new EncoderSpec { Kind = "bins", Bins = 20 }, StringComparer.Ordinal));
        IRowScorer scorer = ModelCatalogue.Default.FindRows("logistic").Fit(
            new LabelledRows
            {
                DenseCount = encoders.DenseCount,
                SparseCount = encoders.SparseCount,
                Dense = encoded.Dense,
                Starts = encoded.Starts,
                Columns = encoded.Columns,
                Values = encoded.Values,
                Labels = labels,
            },
            new Dictionary<string, double>(StringComparer.Ordinal), new FitContext(), cancellationToken);
        return (encoders, numbers, scorer);
    }
}
