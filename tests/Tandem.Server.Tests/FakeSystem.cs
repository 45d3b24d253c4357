using System.Runtime.CompilerServices;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Learning;
using Tandem.Serving;
using Tandem.Spec.Advice;
using Tandem.Workspace;

namespace Tandem.Server.Tests;

/// <summary>A system of a few lines: what the server is told to ask, it remembers.</summary>
internal sealed class FakeSystem
{
    public List<string> Ingested { get; } = [];

    public EventForm Form { get; private set; }

    public RecommendRequest? Asked { get; private set; }

    public PredictRequest? Predicted { get; private set; }

    /// <summary>Thrown instead of an answer, where set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Awaited before an answer, where set.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>The newest training run.</summary>
    public byte[]? Run { get; set; }

    /// <summary>What has failed in the background.</summary>
    public IReadOnlyList<LoopProblem> Problems { get; set; } = [];

    public ServedSystem Served => new()
    {
        Name = "small",
        Snapshot = Snapshot,
        Watch = WatchAsync,
        Metrics = () => "tandem_requests_total 3\n",
        Problems = () => Problems,
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
        Predict = (request, _) =>
        {
            Predicted = request;
            return Failure is null
                ? new ValueTask<PredictResponse>(
                    new PredictResponse(
                        "r2", "7",
                        [
                            .. request.Items.Select(item => new Prediction(item, 0.25f)
                            {
                                Explanation = request.IsExplained
                                    ? new Explanation(-1.5, -1.25, [new Contribution("user_play:plays", 0.5)], -0.25)
                                    : null,
                            }),
                        ]))
                : throw Failure;
        },
        Similar = (item, count) => new SimilarResponse(
            item, "7", [.. Enumerable.Range(1, count).Select(n => new RecommendedItem($"v{n}", n, 1f / n, "ials"))]),
        Features = _ => Task.FromResult(Catalogue()),
        ExplainFeatures = (view, id, asOf, events, _) =>
        {
            Explained = (view, id, asOf, events);
            return Failure is null ? Task.FromResult(History()) : throw Failure;
        },
        RequestColumns = ["slot", "lat"],
        ReadFeatures = (query, _) =>
        {
            Queried = query;
            return Failure is null ? new ValueTask<IReadOnlyList<OnlineColumn>>(Columns()) : throw Failure;
        },
        Push = (source, columns, _) =>
        {
            int rows = columns.Count == 0 ? 0 : columns.First().Value.Count;
            Ingested.AddRange(columns.Select(column => $"{source}.{column.Key}: {string.Join(',', column.Value)}"));
            return ValueTask.FromResult<IReadOnlyList<EventOutcome>>(
            [
                .. Enumerable.Range(0, rows).Select(row => new EventOutcome(
                    row, $"e{row}",
                    columns.Any(column => column.Value[row].ToString() == "bad") ? new Fault("WSP005", "Bad.", "Mend it.") : null)),
            ]);
        },
        Materialize = (views, wait, _) =>
        {
            Materialized = (string.Join(',', views), wait);
            return Failure is null ? Task.FromResult(new Materialization(3, 99)) : throw Failure;
        },
        Versions = _ => AsyncEnumerable.Empty<Registry.ModelVersion>(),
        Champion = _ => Task.FromResult<int?>(7),
        LastRun = () => Run,
        AdviceQuestions = static _ => AdviceQuestion.Onto(null),
        Advise = (given, isOnto) =>
        {
            Advised = (given, isOnto);
            return SystemAdvice.Propose(AdviceAnswers.Of(given), WorkspaceVocabulary.Build());
        },
    };

    /// <summary>What advice was asked for last.</summary>
    public (IReadOnlyDictionary<string, string> Given, bool IsOnto) Advised { get; private set; }

    /// <summary>What features were asked for last.</summary>
    public (string View, string Id, DateTimeOffset? AsOf, int Events) Explained { get; private set; }

    /// <summary>What was asked of the online store last.</summary>
    public OnlineQuery? Queried { get; private set; }

    /// <summary>What was to be materialized last, and whether to wait.</summary>
    public (string Views, bool Wait) Materialized { get; private set; }

    private static List<OnlineColumn> Columns()
    {
        DateTimeOffset time = Snapshot().Time;
        OnlineValue none = new(FeatureValue.Null, FeatureStatus.NotFound, null);
        return
        [
            new("plays", [new(FeatureValue.Of(3), FeatureStatus.Present, time), none]),
            new("mean", [new(FeatureValue.Of(0.1), FeatureStatus.Present, time.AddMicroseconds(1)), none]),
            new("device", [new(FeatureValue.Of("tv"), FeatureStatus.Present, time.AddMilliseconds(20)), none]),
            new("items", [new(FeatureValue.Of(["v1", "v2"]), FeatureStatus.Present, null), none]),
            new("best", [new(FeatureValue.Of([2.5, 1]), FeatureStatus.Present, time), none]),
            new("counts", [new(FeatureValue.Of(["v1", "v2"], [2, 1]), FeatureStatus.Present, time), none]),
            new("old", [new(FeatureValue.Null, FeatureStatus.OutsideMaxAge, time), new(FeatureValue.Null, FeatureStatus.NullValue, time)]),
        ];
    }

    private static FeatureCatalogue Catalogue() => new(
        "small", Snapshot().Time, 7, "sha256:00", Snapshot().Time, 2,
        [
            new FeatureViewEntry(
                "user_play", "user", "play", "", "", "sha256:11", ["watch >= 0.5"], "30d", null,
                [
                    new FeatureEntry(
                        "plays", "count over 7d", "Number of events.", "number",
                        new FeatureSpread(10, 0.5, 2, 1, 3, [0.25, 0.75]), null, [0, 1, 2], null, null)
                    {
                        Importance = 0.25,
                        Weight = 1.5,
                        Skew = 0,
                    },
                ]),
        ])
    {
        Ranking = new RankingEntry("logistic", true, "better", 0.5),
        Request = [new ContextColumn("slot", "text", IsRequired: true)],
    };

    private static EntityHistory History()
    {
        DateTimeOffset time = Snapshot().Time;
        SortedDictionary<string, string> cells = new(StringComparer.Ordinal) { ["item"] = "v1" };
        return new EntityHistory(
            "user_play", "u/1", time,
            [
                new ExplainedValue("plays", FeatureValue.Of(3), time.AddDays(-7), 3),
                new ExplainedValue("device", FeatureValue.Of("tv"), null, 1),
                new ExplainedValue("items", FeatureValue.Of(["v1", "v2"], [2, 1]), null, 3),
                new ExplainedValue("none", FeatureValue.Null, null, 0),
            ],
            [new SeenEvent(time.AddDays(-1), time, cells, ["plays"])], 5);
    }

    public static WorkspaceSnapshot Snapshot() => new(
        "small", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), "serving", new LogSnapshot(1, 2, 3, 0, 0, null),
        new LakeNumbers(4, 5, 6, 7), new FeatureNumbers(1, 2, null, 3, "memory", 4, 0, 0, 5, 6, 0, 7, 8), new TrainingNumbers("idle", null),
        new RegistryNumbers("small", 1, null, null), new ServingNumbers(null, 1, 2, 3, 4, 0, 0, null, null, 0),
        new MonitoringNumbers(0, 0, null, null, 0, null, null), null);

    private static async IAsyncEnumerable<WorkspaceSnapshot> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Snapshot();
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
