using System.Diagnostics;
using System.Globalization;
using Tandem.Learning.Nearest;
using Tandem.Numerics;

namespace Tandem.Bench.Nearest;

/// <summary>Searches for the hundred nearest of many vectors, by every kind of index, beside hnswlib at the same
/// recall.</summary>
internal sealed class NearestBenchmark : IBenchmark
{
    private const int Top = 100;
    private const int QueryCount = 256;
    private const int Degree = 16;
    private const int BuildWidth = 200;

    public string Name => "nearest";

    public string Description => "Searches for the hundred nearest vectors, against hnswlib at the same recall; one thread";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        int count = (int)Math.Min(options.Rows, 4_000_000);
        Matrix vectors = NearestVectors.Make(count, stream: 1);
        Matrix queries = NearestVectors.Make(QueryCount, stream: 2);
        int[] truth = new int[QueryCount * Top];
        Build(NearestKind.Exact, 1).SearchMany(queries, [], Top, truth, []);
        using HnswlibPeer? peer = options.NearestPeer is { } program
            ? await HnswlibPeer.StartAsync(
                program, options.Folder, vectors, queries, Degree, BuildWidth, truth, cancellationToken)
            : null;
        List<Figure> figures = [];
        (int Width, double Recall) high = peer is null ? default : await peer.WidthForAsync(0.99, cancellationToken);
        (int Width, double Recall) usual = peer is null ? default : await peer.WidthForAsync(0.95, cancellationToken);

        NearestIndex bytes = Build(NearestKind.Bytes, 0.99);
        figures.Add(await MeasureAsync("int8, all vectors, in batches", bytes, Batched(bytes), high, atLeast: 3));
        figures.Add(await MeasureAsync("int8, all vectors", bytes, OneByOne(bytes), high, atLeast: null));
        NearestIndex lists = Build(NearestKind.Ivf, 0.95);
        figures.Add(await MeasureAsync("ivf", lists, OneByOne(lists), usual, atLeast: 2));
        long started = Stopwatch.GetTimestamp();
        NearestIndex graph = Build(NearestKind.Hnsw, 0.95);
        figures.Add(new Figure
        {
            Name = "hnsw, build",
            Unit = "s",
            Value = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Peer = peer?.BuildSeconds is null ? null : "hnswlib's build, same M and width",
            PeerValue = peer?.BuildSeconds,
        });
        graph = graph.WithEffort(peer is null ? graph.Effort : usual.Width);
        figures.Add(await MeasureAsync("hnsw, same M and width", graph, OneByOne(graph), usual, atLeast: 1.6));
        NearestIndex exact = Build(NearestKind.Exact, 1);
        figures.Add(await MeasureAsync("exact, in batches", exact, Batched(exact), high, atLeast: null));
        return figures;

        NearestIndex Build(NearestKind kind, double recall) => NearestIndex.Build(
            vectors,
            new NearestOptions { Kind = kind, Recall = recall, Top = Top, Degree = Degree, BuildWidth = BuildWidth },
            queries, Environment.ProcessorCount, cancellationToken);

        Func<Task<double>> OneByOne(NearestIndex index)
        {
            int[] ids = new int[Top];
            int next = 0;
            return () => RateAsync(options, 16, () =>
            {
                for (int i = 0; i < 16; i++)
                {
                    index.Search(queries.Row(next++ % QueryCount), [], ids, []);
                }
            });
        }

        Func<Task<double>> Batched(NearestIndex index)
        {
            int[] ids = new int[QueryCount * Top];
            return () => RateAsync(options, QueryCount, () => index.SearchMany(queries, [], Top, ids, []));
        }

        async Task<Figure> MeasureAsync(
            string name, NearestIndex index, Func<Task<double>> ours, (int Width, double Recall) other, double? atLeast)
        {
            double recall = index.RecallOf(queries, Top);
            Figure figure = peer is null
                ? new Figure { Name = "", Unit = "", Value = await ours() }
                : await Duel.RunAsync(
                    options.Rounds, ours, () => peer.RateAsync(other.Width, options.Seconds, cancellationToken),
                    cancellationToken);
            return figure with
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"{name} (recall {recall:0.000})"),
                Unit = "queries/s",
                Peer = peer is null
                    ? null
                    : string.Create(CultureInfo.InvariantCulture, $"hnswlib, ef {other.Width} (recall {other.Recall:0.000})"),
                RatioAtLeast = peer is null ? null : atLeast,
            };
        }
    }

    private static Task<double> RateAsync(BenchOptions options, int queries, Action act)
    {
        long started = Stopwatch.GetTimestamp();
        long answered = 0;
        do
        {
            act();
            answered += queries;
        }
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < options.Seconds);

        return Task.FromResult(answered / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
