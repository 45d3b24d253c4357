using System.Diagnostics;
using Tandem.Learning;
using Tandem.Learning.Imbalance;
using Tandem.Numerics;

namespace Tandem.Bench.Imbalance;

/// <summary>SMOTE of 20,000 positives to 200,000, against imbalanced-learn.</summary>
internal sealed class ImbalanceBenchmark : IBenchmark
{
    private const int Positives = 20_000;
    private const int Negatives = 200_000;
    private const int Columns = 30;

    public string Name => "imbalance";

    public string Description => "SMOTE of 20,000 × 30 rows to 200,000, against imbalanced-learn";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        LabelledRows rows = Make();
        PythonPeer? peer = await PythonPeer.FindAsync("imblearn", "smote_imblearn.py", cancellationToken);
        List<Figure> figures = [];
        foreach (int threads in (int[])[1, 2])
        {
            string name = $"20,000 × 30 to 200,000, {(threads == 1 ? "one thread" : "two threads")}";
            if (peer is null)
            {
                _ = Once();
                figures.Add(new Figure
                {
                    Name = name + "; no imbalanced-learn here to compare with",
                    Unit = "runs/s",
                    Value = Once(),
                });
                continue;
            }

            Figure duel = await Duel.RunAsync(
                options.Rounds, () => Task.Run(Once),
                () => peer.MeasureAsync(threads, [Positives, Negatives, Columns], cancellationToken), cancellationToken);
            figures.Add(duel with
            {
                Name = name,
                Unit = "runs/s",
                Peer = "imbalanced-learn, OpenBLAS tuned",
                RatioAtLeast = 4,
            });

            // The better of two, as of the peer.
            double Once() => Math.Max(Measure(rows, threads, cancellationToken), Measure(rows, threads, cancellationToken));
        }

        return figures;
    }

    private static double Measure(LabelledRows rows, int threads, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        TrainingRows made = (ImbalanceChoice.None with { Method = "smote" }).Apply(
            rows, static _ => throw new UnreachableException(), takesMissing: false,
            new FitContext { ThreadCount = threads }, cancellationToken);
        watch.Stop();
        return made.Count == 2 * Negatives ? 1 / watch.Elapsed.TotalSeconds : throw new UnreachableException();
    }

    private static LabelledRows Make()
    {
        SeededRandom random = new(seed: 1);
        float[] dense = new float[(Positives + Negatives) * Columns];
        foreach (ref float value in dense.AsSpan())
        {
            value = (float)random.NextGaussian();
        }

        float[] labels = new float[Positives + Negatives];
        labels.AsSpan(0, Positives).Fill(1);
        return new LabelledRows
        {
            DenseCount = Columns,
            SparseCount = 0,
            Dense = dense,
            Starts = new int[labels.Length + 1],
            Columns = [],
            Values = [],
            Labels = labels,
        };
    }
}
