using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Numerics;
using Tandem.Registry;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Training.Tests;

/// <summary>Items of two genres; the last two were never chosen, and the very last came after the test window
/// began.</summary>
public sealed class RetrievalFeaturesTests
{
    private const int Known = 40;

    private static readonly DateTimeOffset Now = new(2026, 1, 11, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task RunAsync_OfTwoTowers_PlacesItemsThatNobodyChoseByTheirFeatures()
    {
        using TestFolder folder = new();
        FolderStore store = new(folder.Path);
        using ParquetLake lake = await RecordAsync(folder, store);
        using LakeSnapshot snapshot = await lake.SnapshotAsync();
        ManualClock clock = new(Now);
        ModelRegistry registry = new(store.Under("default/registry"), clock);

        TrainingRun run = await Loop(store, registry, clock).RunAsync(snapshot, new TrainingRequest());

        Assert.Equal("two_tower", run.Best);
        ModelVersion version = (await registry.FindAsync("genres", "1"))!;
        IItemScorer model = ModelCatalogue.Default.Find("two_tower").Load(
            await registry.OpenArtifactAsync(version, ArtifactNames.Model));
        MemoryStream ids = new();
        await using (Stream saved = await registry.OpenArtifactAsync(version, ArtifactNames.Items))
        {
            await saved.CopyToAsync(ids);
        }

        var items = EntityIndex.Load(ids.ToArray());
        Assert.Equal(Known + 2, items.Count);
        foreach (int taste in (int[])[0, 1])
        {
            float[] scores = new float[model.ItemCount];
            model.ScoreItems(
                new ItemQuery { User = -1, History = [items.Find($"v{taste}"), items.Find($"v{taste + 2}")] }, scores);

            float own = scores[items.Find($"v{Known + taste}")];
            Assert.True(own > scores[items.Find($"v{Known + 1 - taste}")], $"taste {taste}: {string.Join(' ', scores)}");
            Assert.True(own > Enumerable.Range(0, Known).Where(item => item % 2 != taste).Average(item => scores[items.Find($"v{item}")]));
        }
    }

    [Fact]
    public async Task ItemsAtAsync_SeesWhatWasKnownThen()
    {
        using TestFolder folder = new();
        FolderStore store = new(folder.Path);
        using ParquetLake lake = await RecordAsync(folder, store);
        using LakeSnapshot snapshot = await lake.SnapshotAsync();
        SystemSpec spec = MakeSpec();
        EntityIndex items = new();
        RetrievalFeatures.AddDeclared(snapshot, spec, Now, items, CancellationToken.None);
        RetrievalFeatures features = new(snapshot, spec, FeatureView.CompileAll(spec), "", new EntityIndex(), items);

        AttributeRows before = (await features.ItemsAtAsync(Now.AddHours(-13), CancellationToken.None)).Rows;
        AttributeRows after = (await features.ItemsAtAsync(Now, CancellationToken.None)).Rows;

        // A hashed genre is one column; that of an item that was not there yet is the column of none.
        int last = items.Find($"v{Known + 1}");
        Assert.Equal(Known + 2, items.Count);
        Assert.NotEqual(ColumnsOf(before, items.Find("v1")), ColumnsOf(before, last));
        Assert.Equal(ColumnsOf(after, items.Find("v1")), ColumnsOf(after, last));
        Assert.NotEqual(ColumnsOf(after, items.Find("v0")), ColumnsOf(after, last));
    }

    [Fact]
    public async Task ReadPastAsync_SeesEachItemAsOfTheStepBeforeItsRow()
    {
        using TestFolder folder = new();
        FolderStore store = new(folder.Path);
        using ParquetLake lake = await RecordAsync(folder, store);
        using LakeSnapshot snapshot = await lake.SnapshotAsync();
        SystemSpec spec = MakeSpec();
        EntityIndex items = new();
        RetrievalFeatures.AddDeclared(snapshot, spec, Now, items, CancellationToken.None);
        RetrievalFeatures features = new(snapshot, spec, FeatureView.CompileAll(spec), "", new EntityIndex(), items);
        int last = items.Find($"v{Known + 1}");

        // The last item came 12 hours before now: 13 hours before is the step from 18, where it was not there.
        Interactions rows = new() { UserCount = 1, ItemCount = items.Count, RowStarts = [0, 4], Items = [last, last, last, last] };
        long[] times = [.. new[] { 13, 12, 11, 6 }.Select(static hours => LakeTime.ToMicros(Now.AddHours(-hours)))];
        (FeatureEncoders? encoders, AttributeRows today) = await features.ItemsAtAsync(Now, CancellationToken.None);
        ItemStates past = RetrievalFeatures.Encode(
            (await features.ReadPastAsync(rows, times, TimeSpan.FromHours(6), Now, seed: 3, CancellationToken.None))!.Value, encoders!);

        Assert.All(past.Chosen, state => Assert.Equal(last, past.Items[state]));
        Assert.Equal([2, 1, 1, 0], past.Chosen.Select(state => past.Periods[state]));
        Assert.Equal([2, 1, 1, 0], past.Drawn.Select(state => past.Periods[state]));
        Assert.Equal(past.Chosen[1], past.Chosen[2]);
        Assert.Equal(
            [false, true, true, true],
            past.Chosen.Select(state => ColumnsOf(past.Attributes, state).SequenceEqual(ColumnsOf(today, last))));
    }

    private static int[] ColumnsOf(AttributeRows rows, int row) => rows.Columns[rows.Starts[row]..rows.Starts[row + 1]];

    private static async Task<ParquetLake> RecordAsync(TestFolder folder, FolderStore store)
    {
        SeededRandom random = new(seed: 5);
        List<EventRecord> events = [];
        for (int item = 0; item < Known + 2; item++)
        {
            DateTimeOffset time = item == Known + 1 ? Now.AddHours(-12) : Now.AddDays(-11);
            events.Add(Event("video", $"video-{item}", time, [new("item", Id("v", item))], $$"""{"genre":"g{{item % 2}}"}"""));
        }

        for (int day = 0; day < 10; day++)
        {
            for (int play = 0; play < 150; play++)
            {
                int user = random.NextInt(60);
                int item = (2 * random.NextInt(Known / 2)) + (random.NextInt(10) == 0 ? 1 - (user % 2) : user % 2);
                DateTimeOffset time = Now.AddDays(day - 10).AddMinutes((play * 9) + 1);
                events.Add(Event(
                    "play", $"play-{day}-{play}", time, [new("user", Id("u", user)), new("item", Id("v", item))], null));
            }
        }

        events.Sort(static (a, b) => a.KnownTime.CompareTo(b.KnownTime));
        await using FileJournal journal = await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = folder["log"], Durability = Durability.None }, new ManualClock(Now));
        await journal.AppendAsync(events);
        ParquetLake lake = await ParquetLake.OpenAsync(
            store.Under("default/lake"),
            [
                new LakeTable { Name = "video", Entities = ["item"], Columns = [new LakeColumn("genre", LakeType.Text)] },
                new LakeTable { Name = "play", Entities = ["user", "item"] },
            ],
            new LakeOptions(), CancellationToken.None);
        await lake.CompactAsync(journal);
        return lake;
    }

    private static string Id(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");

    private static EventRecord Event(
        string type, string id, DateTimeOffset time, EntityKey[] entities, string? data) => new()
        {
            Id = id,
            Type = type,
            Entities = entities,
            EventTime = time,
            KnownTime = time,
            Data = data is null ? default(ReadOnlyMemory<byte>) : Encoding.UTF8.GetBytes(data),
        };

    private static TrainingLoop Loop(FolderStore store, ModelRegistry registry, TimeProvider clock)
    {
        SystemSpec spec = MakeSpec();
        return new TrainingLoop(
            new TrainingLoopOptions { SpecHash = "sha256:test", CodeVersion = "test", ThreadCount = 1 },
            spec, FeatureView.CompileAll(spec), store.Under("default/features"), registry, ModelCatalogue.Default, clock);
    }

    private static SystemSpec MakeSpec()
    {
        var file = SpecFile.Parse(
            """
            name: genres
            objective: {task: retrieval, label: play}
            sources:
              video: {kind: table, entities: item, columns: {genre: text}}
              play: [user, item]
            features:
              of_video: {entity: item, source: video, aggregates: {genre: last genre}}
            model:
              retrieve: {kind: two_tower, factors: 16, hidden: 16, batch_size: 128, uniform_negatives: 16, id_dropout: 0.5}
            training:
              split: {by: time, test: 1d}
            evaluation:
              metrics: [ndcg@5]
              baselines: [popular]
              gate: {metric: ndcg@5}
            """,
            "tandem.yaml", Vocabulary());
        Assert.True(file.Spec is not null, string.Join("\n", file.Faults));
        return file.Spec;
    }

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
        Metrics = [new("ndcg", "NDCG.", TakesCutoff: true)],
    };
}
