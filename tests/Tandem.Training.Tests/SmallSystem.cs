using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Numerics;
using Tandem.Registry;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Training.Tests;

/// <summary>A small system on disk: users of two tastes who play items of theirs, with impressions before the plays.</summary>
internal sealed class SmallSystem : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 1, 11, 0, 0, 0, TimeSpan.Zero);

    private readonly TestFolder _folder = new();
    private readonly FolderStore _store;
    private ParquetLake? _lake;

    public SmallSystem(string changes = "")
    {
        var file = SpecFile.Parse(SpecText(changes), "tandem.yaml", Vocabulary());
        Assert.True(file.Spec is not null, string.Join("\n", file.Faults));
        Spec = file.Spec;
        SpecHash = file.Hash;
        _store = new FolderStore(_folder.Path);
        Registry = new ModelRegistry(_store.Under("default/registry"), Clock);
    }

    public SystemSpec Spec { get; }

    public string SpecHash { get; }

    public ModelRegistry Registry { get; }

    public TimeProvider Clock { get; } = new ManualClock(Now);

    /// <summary>Writes ten days of plays into the log and compacts them.</summary>
    public Task<LakeSnapshot> RecordAsync(int userCount = 60, ulong seed = 7)
    {
        List<EventRecord> events = [];
        SeededRandom random = new(seed);
        for (int day = 0; day < 10; day++)
        {
            for (int user = 0; user < userCount; user++)
            {
                AddVisit(events, ref random, user, Now.AddDays(day - 10).AddMinutes(user * 7));
            }
        }

        return RecordAsync(events);
    }

    /// <summary>Writes events into the log and compacts them.</summary>
    public async Task<LakeSnapshot> RecordAsync(IReadOnlyList<EventRecord> events)
    {
        await using FileJournal journal = await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = _folder["log"], Durability = Durability.None }, Clock);
        await journal.AppendAsync(events);
        _lake = await OpenLakeAsync();
        await _lake.CompactAsync(journal);
        return await _lake.SnapshotAsync();
    }

    public async Task<LakeSnapshot> EmptyAsync()
    {
        _lake = await OpenLakeAsync();
        return await _lake.SnapshotAsync();
    }

    public TrainingLoop Loop(int threadCount = 2, ModelCatalogue? catalogue = null, IObjectStore? searches = null) => new(
        new TrainingLoopOptions
        {
            SpecHash = SpecHash,
            CodeVersion = "test",
            ThreadCount = threadCount,
            Searches = searches,
        },
        Spec, FeatureView.CompileAll(Spec), _store.Under("default/features"), Registry,
        catalogue ?? ModelCatalogue.Default, Clock);

    /// <summary>An event of request, user and item of one number.</summary>
    public static EventRecord Event(string type, int number, DateTimeOffset time, double? fraction = null) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{type}-{number}-{time.Ticks}"),
        Type = type,
        Entities = [new("user", $"u{number}"), new("item", $"v{number % 7}")],
        EventTime = time,
        KnownTime = time,
        RequestId = $"r{number}",
        Data = fraction is { } share
            ? Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"watch_fraction\":{share}}}"))
            : default(ReadOnlyMemory<byte>),
    };

    public ValueTask DisposeAsync()
    {
        _lake?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void AddVisit(List<EventRecord> events, ref SeededRandom random, int user, DateTimeOffset time)
    {
        // Taste 0 likes items 0 to 19, taste 1 items 20 to 39; one play in ten is by chance.
        for (int position = 1; position <= 3; position++)
        {
            int taste = user % 2;
            int item = random.NextInt(10) == 0 ? random.NextInt(40) : (taste * 20) + random.NextInt(20);
            string request = string.Create(CultureInfo.InvariantCulture, $"r{events.Count}");
            EntityKey[] entities = [new("user", $"u{user}"), new("item", $"v{item}")];
            events.Add(new EventRecord
            {
                Id = $"{request}-i",
                Type = "impression",
                Entities = entities,
                EventTime = time,
                KnownTime = time,
                RequestId = request,
                Position = position,
            });
            events.Add(new EventRecord
            {
                Id = $"{request}-p",
                Type = "play",
                Entities = entities,
                EventTime = time.AddSeconds(5),
                KnownTime = time.AddSeconds(6),
                RequestId = request,
                Data = Encoding.UTF8.GetBytes($"{{\"watch_fraction\":{(position == 3 ? "0.1" : "0.9")}}}"),
            });
        }
    }

    private ValueTask<ParquetLake> OpenLakeAsync() => ParquetLake.OpenAsync(
        _store.Under("default/lake"),
        [
            new LakeTable { Name = "impression", Entities = ["user", "item"] },
            new LakeTable
            {
                Name = "play", Entities = ["user", "item"], Columns = [new LakeColumn("watch_fraction", LakeType.Number)],
            },
        ],
        new LakeOptions(), CancellationToken.None);

    private static SpecVocabulary Vocabulary() => new()
    {
        Models =
        [
            .. ModelCatalogue.Default.Kinds.Select(kind => new KnownModel(
                kind.Name, kind.Summary,
                [.. kind.Parameters.Select(p => new KnownParameter(p.Name, p.Default, p.Minimum, p.Maximum, p.IsWhole, p.Meaning))],
                kind.NeedsTimes)),
        ],
        Operators = [.. FeatureOperators.All.Select(known => new KnownOperator(known.Name, known.Summary, known.NeedsColumn))],
        Metrics =
        [
            new("recall", "Recall.", TakesCutoff: true), new("ndcg", "NDCG.", TakesCutoff: true),
            new("hr", "Hit rate.", TakesCutoff: true), new("mrr", "Reciprocal rank.", TakesCutoff: false),
        ],
    };

    private static string SpecText(string changes) => $"""
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
              watch_fraction: number
        features:
          user_activity:
            entity: user
            source: play
            aggregates:
              plays_7d: count over 7d
        evaluation:
          metrics: [recall@5, ndcg@5]
          baselines: [popular]
          gate:
            metric: ndcg@5
        {(changes.Length > 0 ? changes : """
        model:
          retrieve: {kind: ials, factors: 8, epochs: 3}
        training:
          split: {by: time, test: 1d}
        """)}
        """;
}
