using System.Globalization;
using Tandem.Events;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Numerics;
using Tandem.Registry;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Training.Tests.Ranking;

/// <summary>Items are hot for an hour each, and people choose what is hot: popularity over all time cannot see it, plays of
/// the last quarter of an hour can.</summary>
internal sealed class HotSystem : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 1, 11, 0, 0, 0, TimeSpan.Zero);

    private const int Hours = 48;
    private const int ItemCount = 30;

    private readonly TestFolder _folder = new();
    private readonly FolderStore _store;
    private ParquetLake? _lake;

    public HotSystem(TimeSpan? window = null)
    {
        Spec = MakeSpec(window ?? TimeSpan.FromMinutes(20));
        _store = new FolderStore(_folder.Path);
        Registry = new ModelRegistry(_store.Under("default/registry"), Clock);
        Views = FeatureView.CompileAll(Spec);
    }

    public SystemSpec Spec { get; set; }

    public IReadOnlyList<FeatureView> Views { get; }

    public ModelRegistry Registry { get; }

    public TimeProvider Clock { get; } = new ManualClock(Now);

    public TrainingLoop Loop(int threadCount = 2) => new(
        new TrainingLoopOptions
        {
            SpecHash = "sha256:test",
            SpecText = "name: hot",
            CodeVersion = "test",
            ThreadCount = threadCount,
        },
        Spec, Views, _store.Under("default/features"), Registry, ModelCatalogue.Default, Clock);

    /// <summary>Writes two days of requests into the log and compacts them.</summary>
    /// <param name="isHeatSeen">False where people choose by chance, whatever is hot.</param>
    public async Task<LakeSnapshot> RecordAsync(bool isHeatSeen = true)
    {
        List<EventRecord> events = [];
        SeededRandom random = new(seed: 3);
        for (int minute = 0; minute < Hours * 60; minute++)
        {
            AddRequest(events, ref random, Now.AddHours(-Hours).AddMinutes(minute), isHeatSeen);
        }

        events.Sort(static (a, b) => a.KnownTime.CompareTo(b.KnownTime));
        await using FileJournal journal = await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = _folder["log"], Durability = Durability.None }, Clock);
        await journal.AppendAsync(events);
        _lake = await ParquetLake.OpenAsync(
            _store.Under("default/lake"),
            [
                new LakeTable { Name = "impression", Entities = ["user", "item"] },
                new LakeTable { Name = "play", Entities = ["user", "item"] },
            ],
            new LakeOptions(), CancellationToken.None);
        await _lake.CompactAsync(journal);
        return await _lake.SnapshotAsync();
    }

    public ValueTask DisposeAsync()
    {
        _lake?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void AddRequest(
        List<EventRecord> events, ref SeededRandom random, DateTimeOffset time, bool isHeatSeen)
    {
        int user = random.NextInt(40);
        string request = string.Create(CultureInfo.InvariantCulture, $"r{time.Ticks}");
        int hour = (int)((time - Now.AddHours(-Hours)).TotalHours);
        List<int> items = [];
        while (items.Count < 4)
        {
            int item = random.NextInt(ItemCount);
            if (!items.Contains(item))
            {
                items.Add(item);
            }
        }

        for (int position = 0; position < items.Count; position++)
        {
            bool isHot = items[position] % 3 == hour % 3;
            EntityKey[] entities = [Key("user", "u", user), Key("item", "v", items[position])];
            events.Add(new EventRecord
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{request}-{position}"),
                Type = "impression",
                Entities = entities,
                EventTime = time,
                KnownTime = time,
                RequestId = request,
                Position = position + 1,
            });
            if (random.NextDouble() < (isHeatSeen && isHot ? 0.8 : 0.1))
            {
                events.Add(new EventRecord
                {
                    Id = string.Create(CultureInfo.InvariantCulture, $"{request}-{position}-p"),
                    Type = "play",
                    Entities = entities,
                    EventTime = time.AddSeconds(20),
                    KnownTime = time.AddSeconds(25),
                    RequestId = request,
                });
            }
        }
    }

    private static EntityKey Key(string entity, string letter, int number) =>
        new(entity, string.Create(CultureInfo.InvariantCulture, $"{letter}{number}"));

    private static SystemSpec MakeSpec(TimeSpan window) => new()
    {
        Name = "hot",
        Objective = new ObjectiveSpec
        {
            Task = "retrieval",
            Label = new LabelSpec { Event = "play", Impression = "impression", Window = TimeSpan.FromMinutes(30) },
        },
        Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal)
        {
            ["impression"] = new() { Entities = ["user", "item"] },
            ["play"] = new() { Entities = ["user", "item"] },
        },
        Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
        {
            ["item_play"] = new()
            {
                Entity = "item",
                Source = "play",
                Aggregates =
                [
                    new AggregateSpec { Name = "lately", Operator = "count", Window = window },
                    new AggregateSpec { Name = "ever", Operator = "count" },
                ],
            },
            ["user_play"] = new()
            {
                Entity = "user",
                Source = "play",
                Aggregates = [new AggregateSpec { Name = "plays", Operator = "count" }],
            },
        },
        Model = new ModelSpec
        {
            Retrieve = new ModelChoiceSpec { Kind = "popular" },
            Rank = new ModelChoiceSpec { Kind = "logistic" },
        },
        Training = new TrainingSpec
        {
            Split = new SplitSpec { By = "time", Test = TimeSpan.FromHours(6) },
            MostAlone = 1,
        },
        Evaluation = new EvaluationSpec
        {
            Metrics = ["shown_auc", "recall@5"],
            Baselines = ["popular_windowed"],
            BootstrapSamples = 200,
            Gate = new GateSpec { Metric = "shown_auc", Beats = "popular_windowed" },
        },
    };
}
