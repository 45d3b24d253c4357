using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Tandem.Bench.Journal;
using Tandem.Server;
using Tandem.Workspace;

namespace Tandem.Bench.Ingest;

/// <summary>Events over HTTP, from the sender's bytes to the acknowledgement, against appending the same events to the
/// log without HTTP, parsing and checks.</summary>
internal sealed class IngestBenchmark : IBenchmark
{
    private const int Senders = 8;
    private const int BatchLength = 500;

    private static readonly MediaTypeHeaderValue Lines = new("application/x-ndjson");

    public string Name => "ingest";

    public string Description =>
        "Lines of JSON over loopback HTTP until they are durable, against the log's append of the same events decoded";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        EventPool events = new(Senders, BatchLength);
        NdjsonBodies bodies = new(events, Senders);
        Figure logged = await MeasureAsync(isServing: false);
        Figure served = await MeasureAsync(isServing: true);
        return
        [
            logged with { Name = $"{Senders} senders, {BatchLength} lines a request", AtLeast = 250_000 },
            served with { Name = "the same, answered when the next recommendation knows them" },
        ];

        async Task<Figure> MeasureAsync(bool isServing) => await Duel.RunAsync(
            options.Rounds,
            () => SendAsync(options, bodies, isServing, cancellationToken),
            () => JournalBenchmark.AppendAsync(options, events, Senders, BatchLength),
            cancellationToken) with
        {
            Unit = "events/s",
            Peer = $"append of the same events, {Senders} writers",
        };
    }

    // Each sender sends its next lines when the last ones are answered. Senders and server share the processors.
    private static async Task<double> SendAsync(
        BenchOptions options, NdjsonBodies bodies, bool isServing, CancellationToken cancellationToken)
    {
        using ScratchFolder folder = new(options.Folder);
        WorkspaceOptions where = new() { SpecPath = NewSystem.Create("bench", "video", folder.Path) };
        await using TandemWorkspace workspace = await TandemWorkspace.OpenAsync(where, cancellationToken);
        if (isServing)
        {
            await workspace.StartServingAsync(cancellationToken);
        }

        await using TandemServer server = await TandemServer.StartAsync(
            workspace, new ServerOptions { Address = "http://127.0.0.1:0" }, cancellationToken);
        using HttpClient client = new();
        Uri address = new(server.Address, "/v1/events?outcomes=refused");
        long accepted = 0;
        var watch = Stopwatch.StartNew();
        var stop = TimeSpan.FromSeconds(options.Seconds);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            for (int round = 0; watch.Elapsed < stop; round++)
            {
                await PostAsync(client, address, bodies.Body(sender, round), cancellationToken);
                Interlocked.Add(ref accepted, BatchLength);
            }
        }, cancellationToken)));
        return accepted / watch.Elapsed.TotalSeconds;
    }

    private static async Task PostAsync(
        HttpClient client, Uri address, byte[] lines, CancellationToken cancellationToken)
    {
        using ByteArrayContent body = new(lines);
        body.Headers.ContentType = Lines;
        using HttpResponseMessage response = await client.PostAsync(address, body, cancellationToken);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        response.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(answer);
        if (json.RootElement.GetProperty("accepted").GetInt32() != BatchLength)
        {
            throw new InvalidOperationException($"Not every event was accepted: {json.RootElement}");
        }
    }
}
