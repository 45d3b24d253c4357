using System.Runtime.CompilerServices;
using Tandem.Faults;
using Tandem.Serving;
using Tandem.Workspace;

namespace Tandem.Server.Tests;

/// <summary>A system of a few lines: what the server is told to ask, it remembers.</summary>
internal sealed class FakeSystem
{
    public List<string> Ingested { get; } = [];

    public EventForm Form { get; private set; }

    public RecommendRequest? Asked { get; private set; }

    /// <summary>Thrown instead of an answer, where set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Awaited before an answer, where set.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public ServedSystem Served => new()
    {
        Name = "small",
        Snapshot = Snapshot,
        Watch = WatchAsync,
        Metrics = () => "tandem_requests_total 3\n",
        Ingest = (lines, form, _) =>
        {
            Form = form;
            Ingested.AddRange(lines.Select(line => System.Text.Encoding.UTF8.GetString(line.Span)));
            return ValueTask.FromResult<IReadOnlyList<EventOutcome>>(
            [
                .. lines.Select((line, index) => new EventOutcome(
                    index, $"e{index}", line.Span.IndexOf("bad"u8) >= 0 ? new Fault("EVT001", "Bad.", "Mend it.") : null)),
            ]);
        },
        ChangeRows = (role, change, id, rows, _) =>
        {
            Ingested.AddRange(rows.Select(row => $"{role} {change} {id}: {System.Text.Encoding.UTF8.GetString(row.Span)}"));
            return ValueTask.FromResult<IReadOnlyList<EventOutcome>>(
            [
                .. rows.Select((row, index) => new EventOutcome(
                    index, $"e{index}",
                    row.Span.IndexOf("gone"u8) >= 0
                        ? new Fault("WSP025", "Gone.", "Put it.") { Kind = FaultKind.NotFound } : null)),
            ]);
        },
        Recommend = async (request, cancellationToken) =>
        {
            Asked = request;
            await Gate.WaitAsync(cancellationToken);
            return Failure is null
                ? new RecommendResponse("r1", "7", [new RecommendedItem("v1", 1, 0.5f, "ials", 1)], null)
                : throw Failure;
        },
        Similar = (item, count) => new SimilarResponse(
            item, "7", [.. Enumerable.Range(1, count).Select(n => new RecommendedItem($"v{n}", n, 1f / n, "ials"))]),
        Versions = _ => AsyncEnumerable.Empty<Registry.ModelVersion>(),
        Champion = _ => Task.FromResult<int?>(7),
    };

    public static WorkspaceSnapshot Snapshot() => new(
        "small", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), "serving", new LogSnapshot(1, 2, 3, 0, 0, null),
        new LakeNumbers(4, 5, 6, 7), new FeatureNumbers(1, 2, null, 3), new TrainingNumbers("idle", null),
        new RegistryNumbers("small", 1, null, null), new ServingNumbers(null, 1, 2, 3, 4, 0, 0),
        new MonitoringNumbers(0, 0, null, null, 0), null);

    private static async IAsyncEnumerable<WorkspaceSnapshot> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Snapshot();
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
