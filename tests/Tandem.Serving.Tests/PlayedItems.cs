using Tandem.Events;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Spec;

namespace Tandem.Serving.Tests;

/// <summary>Online features of plays, and a model that scores an item by them: bob played v5 five times and v12 twice, ann
/// v10 once.</summary>
internal sealed class PlayedItems : IDisposable
{
    private long _offset;

    public PlayedItems()
    {
        for (int i = 0; i < 5; i++)
        {
            Play("bob", "v5");
        }

        Play("bob", "v12");
        Play("bob", "v12");
        Play("ann", "v10");
    }

    public static DateTimeOffset Start { get; } = TimeProvider.System.GetUtcNow().AddMinutes(-30);

    public static SystemSpec Spec { get; } = MakeSpec();

    public static IReadOnlyList<FeatureView> Views { get; } = FeatureView.CompileAll(Spec);

    public FeatureStore Store { get; } = new(Views);

    public void Dispose() => Store.Dispose();

    /// <summary>A model that scores a row by the item's plays.</summary>
    public ServedRowModel Model(float factor = 1, bool readsRetrieval = true)
    {
        var set = FeatureSet.Create(Views);
        FeatureEncoders encoders = Encoders([.. set.Names, .. readsRetrieval ? (string[])["@retrieval"] : []]);
        return new ServedRowModel(Store, set, encoders, new FirstNumber(encoders.DenseCount, factor), "user", "item");
    }

    public static FeatureEncoders Encoders(IReadOnlyList<string> numbers) => FeatureEncoders.Fit(
        new EncoderRows
        {
            Numbers = numbers,
            Values = [.. Enumerable.Range(0, 2 * numbers.Count).Select(static i => (float)i)],
            Labels = [0, 1],
            Times = [0, 0],
            IsTraining = [true, true],
        },
        new Dictionary<string, EncoderSpec>(StringComparer.Ordinal)).Encoders;

    public void Play(string user, string item)
    {
        Store.Apply(
            new EventRecord
            {
                Id = $"e{_offset}",
                Type = "play",
                Entities = [new EntityKey("user", user), new EntityKey("item", item)],
                EventTime = Start,
                KnownTime = Start,
            },
            new JournalPosition(_offset++));
    }

    private static SystemSpec MakeSpec() => new()
    {
        Name = "ranked",
        Objective = new ObjectiveSpec { Task = "retrieval", Label = new LabelSpec { Event = "play" } },
        Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal)
        {
            ["play"] = new() { Entities = ["user", "item"] },
        },
        Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
        {
            ["item_play"] = View("item", new AggregateSpec { Name = "players", Operator = "last_k", Column = "user", K = 1 }),
            ["user_play"] = View("user", new AggregateSpec { Name = "items", Operator = "last_k", Column = "item", K = 3 }),
        },
    };

    private static FeatureViewSpec View(string entity, AggregateSpec texts) => new()
    {
        Entity = entity,
        Source = "play",
        Aggregates = [new AggregateSpec { Name = "plays", Operator = "count" }, texts],
    };
}
