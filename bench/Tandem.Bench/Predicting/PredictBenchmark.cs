using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Tandem.Registry;
using Tandem.Server;
using Tandem.Serving;
using Tandem.Workspace;

namespace Tandem.Bench.Predicting;

/// <summary>Probabilities of ten ads over loopback HTTP, one question after another, against a route that answers a
/// constant; and what one answer allocates within the process.</summary>
internal sealed class PredictBenchmark : IBenchmark
{
    // The 40 ms that the template of clicks on ads asks for.
    private const double MostMicroseconds = 40_000;

    // Ten predictions, their values to log, ids and records.
    private const double MostBytes = 2048;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public string Name => "predict";

    public string Description => "Probabilities of 10 ads over loopback HTTP, against a route that answers a constant";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        using ScratchFolder folder = new(options.Folder);
        await File.WriteAllTextAsync(folder.File("tandem.yaml"), ClickSystem.Design, cancellationToken);
        await using TandemWorkspace workspace = await TandemWorkspace.OpenAsync(
            new WorkspaceOptions { SpecPath = folder.File("tandem.yaml") }, cancellationToken);
        await workspace.StartServingAsync(cancellationToken);
        await workspace.IngestAsync(
            [.. ClickSystem.Events(TimeProvider.System.GetUtcNow())], cancellationToken: cancellationToken);
        await workspace.CompactAsync(cancellationToken: cancellationToken);
        await workspace.TrainAsync(TrainingCause.Manual, cancellationToken: cancellationToken);
        await using TandemServer server = await TandemServer.StartAsync(
            workspace,
            // One connection asks the peer more often than the default lets anybody.
            new ServerOptions { Address = "http://127.0.0.1:0", RequestsPerSecond = 1_000_000 }, cancellationToken);
        using HttpClient client = new() { BaseAddress = server.Address };
        byte[][] questions = [.. Enumerable.Range(0, 64).Select(static n => Encoding.UTF8.GetBytes(ClickSystem.Question(n)))];
        int asked = 0;

        Figure median = await RunAsync(0.5);
        Figure tail = await RunAsync(0.99);
        return
        [
            median with { Name = "10 ads, median" },
            tail with { Name = "the same, 99th percentile", AtMost = MostMicroseconds },
            new Figure
            {
                Name = "allocated by an answer, without HTTP",
                Unit = "bytes/answer",
                Value = await AllocatedAsync(workspace, cancellationToken),
                AtMost = MostBytes,
            },
        ];

        async Task<Figure> RunAsync(double quantile) => await Duel.RunAsync(
            options.Rounds,
            () => TimeAsync(options, quantile, PredictAsync),
            () => TimeAsync(options, quantile, () => client.GetByteArrayAsync(new Uri("/healthz", UriKind.Relative), cancellationToken)),
            cancellationToken) with
        {
            Unit = "µs",
            Peer = "GET /healthz on the same connection",
        };

        async Task PredictAsync()
        {
            using ByteArrayContent body = new(questions[asked++ % questions.Length]);
            body.Headers.ContentType = Json;
            using HttpResponseMessage response =
                await client.PostAsync(new Uri("/v1/predict", UriKind.Relative), body, cancellationToken);
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
    }

    /// <summary>A quantile of the microseconds that one question takes, the next sent when it is answered.</summary>
    private static async Task<double> TimeAsync(BenchOptions options, double quantile, Func<Task> ask)
    {
        List<double> times = [];
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < options.Seconds)
        {
            long started = Stopwatch.GetTimestamp();
            await ask();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        times.Sort();
        return times[(int)(quantile * (times.Count - 1))];
    }

    private static async Task<double> AllocatedAsync(TandemWorkspace workspace, CancellationToken cancellationToken)
    {
        const int Answers = 1000;
        PredictRequest request = new()
        {
            UserId = "u7",
            Items = [.. Enumerable.Range(0, ClickSystem.ItemsAsked).Select(ClickSystem.Ad)],
            Context = """{"slot":"top","hour":12}"""u8.ToArray(),
        };
        long before = 0;
        for (int i = -Answers; i < Answers; i++)
        {
            if (i == 0)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            await workspace.PredictAsync(request, cancellationToken);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Answers;
    }
}
