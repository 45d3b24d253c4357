using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Workspace.Tests;

/// <summary>A folder with a small system: people of two tastes who play things.</summary>
internal sealed class SmallWorkspace : IDisposable
{
    private readonly TestFolder _folder = new();

    public SmallWorkspace(string cadence = "365d")
    {
        File.WriteAllText(_folder["tandem.yaml"], $$"""
            name: small
            objective:
              task: retrieval
              label:
                event: play
                impression: impression
                any_of: [watch_fraction >= 0.5]
            sources:
              impression: [user, item]
              play:
                entities: [user, item]
                columns:
                  watch_fraction: {type: number, required: true, min: 0, max: 1}
              thing:
                kind: table
                entities: item
                columns:
                  category: text
            features:
              user_activity:
                entity: user
                source: play
                aggregates:
                  plays_7d: count over 7d
            model:
              retrieve: {kind: ials, factors: 8, epochs: 3}
            training:
              cadence: {{cadence}}
              split: {by: leave-last-out}
            evaluation:
              metrics: [recall@5, ndcg@5]
              gate: {metric: ndcg@5}
            """);
    }

    public string StoreFolder => _folder[".tandem"];

    public string SpecPath => _folder["tandem.yaml"];

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 1, 11, 0, 0, 0, TimeSpan.Zero));

    public string Folder => _folder.Path;

    /// <summary>How the log is written.</summary>
    public FileJournalOptions Journal { get; init; } = new() { Folder = "log", Durability = Durability.None };

    /// <summary>How much of the log stays.</summary>
    public JournalRetention Retention { get; init; } = new();

    /// <summary>How far back the lake stays readable; null for ever.</summary>
    public TimeSpan? LakeKeepFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Server of the online features; null for none.</summary>
    public string? FeatureServer { get; init; }

    /// <summary>Whose data it is.</summary>
    public string Tenant { get; init; } = "default";

    public Task<TandemWorkspace> OpenAsync() => TandemWorkspace.OpenAsync(Options);

    /// <summary>Opens it beside the process that writes.</summary>
    public Task<TandemWorkspace> OpenReaderAsync() => TandemWorkspace.OpenAsync(Options with { IsReader = true });

    private WorkspaceOptions Options => new()
    {
        SpecPath = _folder["tandem.yaml"],
        Clock = Clock,
        Journal = Journal,
        Retention = Retention,
        LakeKeepFor = LakeKeepFor,
        FeatureServer = FeatureServer,
        FeaturePassword = PostgresProcess.Password,

        // A machine that is busy with other tests takes its time.
        FeaturePatience = TimeSpan.FromSeconds(20),
        Tenant = Tenant,
    };

    /// <summary>Folder of the raw log.</summary>
    public string LogFolder => TandemWorkspace.LogFolder(new WorkspaceOptions { SpecPath = _folder["tandem.yaml"] });

    /// <summary>Changes the design's text.</summary>
    public void Mend(string from, string to)
    {
        string text = File.ReadAllText(_folder["tandem.yaml"]);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(_folder["tandem.yaml"], text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>The quarantine's objects, without receipts.</summary>
    public string[] QuarantineFiles() => Directory.GetFiles(QuarantineFile(""), "*.jsonl");

    /// <summary>A file of the quarantine.</summary>
    public string QuarantineFile(string name) =>
        Path.Combine(Directory.GetDirectories(_folder.Path, "quarantine", SearchOption.AllDirectories)[0], name);

    /// <summary>A play of a user; taste is even or odd, and so are the items.</summary>
    public string Play(int user, int item, TimeSpan ago, double fraction = 0.9, string? request = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"id\":\"p-{user}-{item}-{ago.Ticks}\",\"type\":\"play\",\"entities\":{{\"user\":\"u{user}\",\"item\":\"v{item}\"}}," +
        $"\"time\":\"{(Clock.GetUtcNow() - ago).UtcDateTime:yyyy-MM-ddTHH:mm:ss}Z\",{(request is null ? "" : $"\"request\":\"{request}\",")}" +
        $"\"data\":{{\"watch_fraction\":{fraction}}}}}");

    /// <summary>That a user was shown an item.</summary>
    public string Impression(int user, int item, TimeSpan ago) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"id\":\"i-{user}-{item}\",\"type\":\"impression\",\"entities\":{{\"user\":\"u{user}\",\"item\":\"v{item}\"}}," +
        $"\"time\":\"{(Clock.GetUtcNow() - ago).UtcDateTime:yyyy-MM-ddTHH:mm:ss}Z\",\"request\":\"r-{item}\"}}");

    /// <summary>Ten days of plays.</summary>
    public async Task RecordAsync(TandemWorkspace workspace, int people = 40)
    {
        SeededRandom random = new(3);
        List<ReadOnlyMemory<byte>> lines = [];
        for (int user = 0; user < people; user++)
        {
            for (int n = 0; n < 12; n++)
            {
                int item = (random.NextInt(15) * 2) + (user % 2);
                lines.Add(Bytes(Play(user, item, TimeSpan.FromHours(20 * (12 - n)) + TimeSpan.FromSeconds(user))));
            }
        }

        IReadOnlyList<EventOutcome> outcomes = await workspace.IngestAsync(lines);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Fault));
    }

    public static ReadOnlyMemory<byte> Bytes(string json) => Encoding.UTF8.GetBytes(json);

    /// <summary>Text files of the store that hold a text.</summary>
    public string[] TextFilesWith(string text) =>
    [
        .. Directory.GetFiles(_folder[""], "*.json*", SearchOption.AllDirectories)
            .Where(path => File.ReadAllText(path).Contains(text, StringComparison.Ordinal)),
    ];

    /// <summary>Puts a request to forget where one that was cut short leaves it.</summary>
    public string KeepRequest(ForgetReceipt request)
    {
        string store = Directory.GetDirectories(_folder[""], "default", SearchOption.AllDirectories).Single();
        string folder = Path.Combine(store, "erasures", request.Person[(request.Person.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "request.json");
        File.WriteAllBytes(path, request.ToJson());
        return path;
    }

    public void Dispose() => _folder.Dispose();
}
