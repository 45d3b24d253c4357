using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Training.Tests;

/// <summary>Impressions and plays, event by event: features count a user's plays and know when the last one was
/// paid.</summary>
internal sealed class ShownSystem : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly TestFolder _folder = new();
    private readonly List<EventRecord> _events = [];
    private ParquetLake? _lake;

    public ShownSystem()
    {
        Views = FeatureView.CompileAll(Spec);
        Features = LabelledSet.FeaturesOf(Spec, Views);
    }

    public SystemSpec Spec { get; } = new()
    {
        Name = "shown",
        Objective = new ObjectiveSpec
        {
            Task = "retrieval",
            Label = new LabelSpec
            {
                Event = "play",
                Impression = "impression",
                Window = TimeSpan.FromHours(1),
                AnyOf = [new ConditionSpec { Column = "fraction", Operator = ">=", Value = 0.5 }],
            },
        },
        Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal)
        {
            ["impression"] = new() { Entities = ["user", "item"] },
            ["play"] = new()
            {
                Entities = ["user", "item"],
                Columns = new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
                {
                    ["fraction"] = new() { Type = ColumnType.Number },
                    ["paid"] = new() { Type = ColumnType.Time },
                },
            },
        },
        Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
        {
            ["user_play"] = new()
            {
                Entity = "user",
                Source = "play",
                Aggregates =
                [
                    new AggregateSpec { Name = "plays", Operator = "count" },
                    new AggregateSpec { Name = "paid", Operator = "last", Column = "paid" },
                ],
            },
        },
    };

    public IReadOnlyList<FeatureView> Views { get; }

    public FeatureSet Features { get; }

    public void Show(string request, string user, string item, DateTimeOffset time) => _events.Add(
        Event("impression", request, user, item, time, time));

    public void Play(
        string? request, string user, string item, DateTimeOffset time, double fraction = 0.9,
        DateTimeOffset? known = null, DateTimeOffset? paid = null) => _events.Add(
        Event("play", request, user, item, time, known ?? time) with
        {
            Data = Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"fraction\":{fraction}{(paid is { } at ? $",\"paid\":\"{at:yyyy-MM-ddTHH:mm:ss}Z\"" : "")}}}")),
        });

    /// <summary>Writes the events so far into the log and compacts them.</summary>
    public async Task<LakeSnapshot> RecordAsync()
    {
        await using FileJournal journal = await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = _folder["log"], Durability = Durability.None },
            new ManualClock(Noon.AddYears(1)));
        await journal.AppendAsync(_events);
        _lake = await ParquetLake.OpenAsync(
            new FolderStore(_folder["store"]).Under("default/lake"),
            [
                new LakeTable { Name = "impression", Entities = ["user", "item"] },
                new LakeTable
                {
                    Name = "play",
                    Entities = ["user", "item"],
                    Columns = [new LakeColumn("fraction", LakeType.Number), new LakeColumn("paid", LakeType.Time)],
                },
            ],
            new LakeOptions(), CancellationToken.None);
        await _lake.CompactAsync(journal);
        return await _lake.SnapshotAsync();
    }

    /// <summary>The set of the three hours before a moment, as known then.</summary>
    public Task<LabelledSet?> BuildAsync(LakeSnapshot snapshot, DateTimeOffset to, DateTimeOffset asOf) =>
        LabelledSet.BuildAsync(
            snapshot, Spec, Features, new LabelledSetRequest { From = to.AddHours(-3), To = to, AsOf = asOf });

    public ValueTask DisposeAsync()
    {
        _lake?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private EventRecord Event(
        string type, string? request, string user, string item, DateTimeOffset time, DateTimeOffset known) => new()
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"e{_events.Count}"),
            Type = type,
            Entities = [new EntityKey("user", user), new EntityKey("item", item)],
            EventTime = time,
            KnownTime = known,
            RequestId = request,
        };
}
