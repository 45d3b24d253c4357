using System.Diagnostics;
using System.Runtime.InteropServices;
using Tandem.Learning;
using Tandem.Learning.Trees;
using Tandem.Numerics;

namespace Tandem.Bench.Trees;

/// <summary>Fitting and scoring boosted trees, against XGBoost and scikit-learn where Python has them.</summary>
internal sealed class TreeBenchmark : IBenchmark
{
    private const int Columns = 30;
    private const int Trees = 100;
    private const int GroupRows = 50;

    // Six duels of fits that take many seconds: all of it is to end within a coffee break.
    private const double MostSeconds = 90;

    // A loss within 0.2 % of the peer's: trees as good, not only as many.
    private const double LossMargin = 1.002;

    public string Name => "trees";

    public string Description => "Boosted trees: fitting --rows rows × 30, against XGBoost and scikit-learn; scoring 500 × 50";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        int rows = (int)Math.Min(options.Rows, 5_000_000) / GroupRows * GroupRows;
        List<Figure> figures = [];
        foreach (bool isRanking in (bool[])[false, true])
        {
            using ScratchFolder folder = new(options.Folder);
            LabelledRows data = Draw(rows, isRanking);
            await WriteAsync(folder.File("values"), data.Dense, cancellationToken);
            await WriteAsync(folder.File("labels"), data.Labels, cancellationToken);
            foreach ((string module, double asked) in isRanking
                ? ((string, double)[])[("xgboost", 2)]
                : [("xgboost", 1.7), ("sklearn", 3)])
            {
                TreePeer peer = new(module, folder.Path, rows, Columns, Trees);
                bool isThere = await peer.IsThereAsync(cancellationToken);
                foreach (int threads in (int[])[1, 2])
                {
                    figures.AddRange(await MeasureAsync(
                        options, data, threads, isThere ? peer : null, module, asked, cancellationToken));
                }
            }
        }

        figures.AddRange(await ScoreAsync(options, cancellationToken));
        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(
        BenchOptions options, LabelledRows data, int threads, TreePeer? peer, string module, double asked,
        CancellationToken cancellationToken)
    {
        bool isRanking = data.Groups.Length > 0;
        string task = isRanking ? "rank" : "binary";
        string name = $"{(isRanking ? "LambdaMART" : "log-loss")}, {data.Count:N0} × {Columns}, {threads} thread{(threads > 1 ? "s" : "")}";
        double loss = 0;
        if (peer is null)
        {
            double alone = Fit();
            return [new Figure { Name = name, Unit = "trees/s", Value = alone, Peer = $"{module}: not in this Python" }];
        }

        Figure duel = await Duel.RunAsync(
            options.Rounds, () => Task.Run(Fit), () => peer.MeasureAsync(task, threads, cancellationToken),
            cancellationToken, MostSeconds);
        Figure speed = duel with { Name = name, Unit = "trees/s", Peer = module, RatioAtLeast = asked };
        return isRanking
            ? [speed]
            :
            [
                speed,
                new Figure
                {
                    Name = $"{name}: log-loss of the training rows",
                    Unit = "nats",
                    Value = loss,
                    Peer = module,
                    PeerValue = peer.Loss,
                    AtMost = peer.Loss * LossMargin,
                },
            ];

        double Fit()
        {
            var watch = Stopwatch.StartNew();
            BoostedTreesModel model = BoostedTrees.Fit(
                data, new BoostedTreesOptions { Trees = Trees, GradeShare = 0 }, new FitContext { ThreadCount = threads },
                cancellationToken: cancellationToken);
            double seconds = watch.Elapsed.TotalSeconds;
            float[] scores = new float[data.Count];
            model.ScoreRows(data.Features, scores);
            loss = isRanking ? 0 : scores.Zip(
                data.Labels, static (score, label) => Math.Log(1 + Math.Exp(label > 0 ? -score : score))).Average();
            return Trees / seconds;
        }
    }

    /// <summary>500 rows of 50 columns by 100 trees of 31 leaves, against walking each tree with each row.</summary>
    private static async Task<IReadOnlyList<Figure>> ScoreAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        const int Rows = 500;
        const int Width = 50;
        SeededRandom random = new(seed: 3);
        float[] dense = new float[20_000 * Width];
        for (int i = 0; i < dense.Length; i++)
        {
            dense[i] = (float)random.NextGaussian();
        }

        LabelledRows data = RowsOf(dense, Width, [.. Enumerable.Range(0, 20_000).Select(row =>
            dense[row * Width] + (dense[(row * Width) + 1] * dense[(row * Width) + 2]) > random.NextGaussian() ? 1f : 0f)]);
        BoostedTreesModel model = BoostedTrees.Fit(
            data, new BoostedTreesOptions { Trees = Trees }, new FitContext(), cancellationToken: cancellationToken);
        float[] scores = new float[Rows];
        long allocated = 0;
        Figure duel = await Duel.RunAsync(
            options.Rounds, () => Task.FromResult(Measure(Ours)), () => Task.FromResult(Measure(Walk)), cancellationToken);
        return
        [
            duel with
            {
                Name = $"scoring {Rows} × {Width} by {Trees} trees",
                Unit = "ms",
                Peer = "walking each tree",
                AtMost = 0.5,
            },
            new Figure { Name = "allocated by it", Unit = "bytes/call", Value = allocated, AtMost = 0 },
        ];

        void Ours() => model.ScoreRows(
            new FeatureRows { Count = Rows, Dense = dense.AsSpan(0, Rows * Width) }, scores);

        void Walk()
        {
            Forest forest = model.Trees;
            for (int row = 0; row < Rows; row++)
            {
                scores[row] = model.Starts[0];
                for (int tree = 0; tree < forest.TreeCount; tree++)
                {
                    int node = forest.Starts[tree];
                    while (forest.Columns[node] >= 0)
                    {
                        bool isLeft = forest.GoesLeft(node, dense[(row * Width) + forest.Columns[node]]);
                        node = forest.Starts[tree] + (isLeft ? forest.Lefts[node] : forest.Rights[node]);
                    }

                    scores[row] += forest.Values[node];
                }
            }
        }

        double Measure(Action score)
        {
            score();
            long before = GC.GetAllocatedBytesForCurrentThread();
            long calls = 0;
            var watch = Stopwatch.StartNew();
            for (; watch.Elapsed.TotalSeconds < options.Seconds; calls++)
            {
                score();
            }

            allocated = Math.Max(allocated, (GC.GetAllocatedBytesForCurrentThread() - before) / calls);
            return watch.Elapsed.TotalMilliseconds / calls;
        }
    }

    private static LabelledRows Draw(int rows, bool isRanking)
    {
        SeededRandom random = new(seed: 1);
        float[] dense = new float[rows * Columns];
        float[] labels = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            Span<float> x = dense.AsSpan(row * Columns, Columns);
            for (int i = 0; i < Columns; i++)
            {
                x[i] = (float)random.NextGaussian();
            }

            double score = x[0] + (x[1] * x[2]) + Math.Sin(2 * x[3]) + (0.5 * x[4] * x[4]) - (x[5] > 0.5 ? 1 : 0) + (0.3 * x[6])
                + random.NextGaussian();
            labels[row] = isRanking ? (float)Math.Clamp(Math.Floor(score + 1), 0, 4) : score > 0.5 ? 1 : 0;
        }

        LabelledRows made = RowsOf(dense, Columns, labels);
        return isRanking
            ? made with
            {
                Target = new RowTarget(RowTargetKind.Order),
                Groups = [.. Enumerable.Range(0, rows).Select(static row => row / GroupRows)],
            }
            : made;
    }

    private static LabelledRows RowsOf(float[] dense, int width, float[] labels) => new()
    {
        DenseCount = width,
        SparseCount = 0,
        Dense = dense,
        Starts = new int[labels.Length + 1],
        Columns = [],
        Values = [],
        Labels = labels,
    };

    private static async Task WriteAsync(string path, float[] values, CancellationToken cancellationToken)
    {
        await using FileStream file = File.Create(path);
        await file.WriteAsync(MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), cancellationToken);
    }
}
