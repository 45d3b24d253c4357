using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Features;
using Tandem.Spec;

namespace Tandem.Bench.Features;

/// <summary>What definitions cost beyond plain views: columns that expressions compute, against the same columns sent with
/// the events; and answers with pairs and computed features, against as many features of users and items.</summary>
internal sealed class DefinitionBenchmark : IBenchmark
{
    private const int EventCount = 100_000;
    private const int Candidates = 100;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Context = Encoding.UTF8.GetBytes("""{"slot":"tv"}""");

    public string Name => "definitions";

    public string Description => "Computed columns, pairs and features of the request, against plain features";

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        EventRecord[] events = [.. Enumerable.Range(0, EventCount).Select(Make)];
        FeatureStore plain = Filled(Plain(), events);
        FeatureStore rich = Filled(Rich(), events);
        var few = FeatureSet.Create(plain.Views);
        var many = FeatureSet.Create(rich.Views);
        return
        [
            (await Duel.RunAsync(
                options.Rounds, () => Task.FromResult(Apply(Columns(computed: true), events)),
                () => Task.FromResult(Apply(Columns(computed: false), events)), cancellationToken)) with
            {
                Name = "an event, three of its columns computed",
                Unit = "µs",
                Peer = "the same columns sent",
            },
            (await Duel.RunAsync(
                options.Rounds, () => Task.FromResult(Read(rich, many)), () => Task.FromResult(Read(plain, few)),
                cancellationToken)) with
            {
                Name = $"{Candidates} candidates, {many.Count} features: 4 of pairs, 6 computed, 6 plain",
                Unit = "µs",
                Peer = $"{few.Count} plain ones",
            },
        ];
    }

    private static FeatureStore Filled(SystemSpec spec, EventRecord[] events)
    {
        var store = new FeatureStore(FeatureView.CompileAll(spec));
        foreach (EventRecord record in events)
        {
            store.Apply(record, store.AppliedUntil);
        }

        return store;
    }

    private static double Apply(SystemSpec spec, EventRecord[] events)
    {
        var store = new FeatureStore(FeatureView.CompileAll(spec));
        long begun = Stopwatch.GetTimestamp();
        foreach (EventRecord record in events)
        {
            store.Apply(record, store.AppliedUntil);
        }

        return Stopwatch.GetElapsedTime(begun).TotalMicroseconds / events.Length;
    }

    private static double Read(FeatureStore store, FeatureSet set)
    {
        const int Requests = 500;
        FeatureReader reader = store.Reader(set);
        string[] items = [.. Enumerable.Range(0, Candidates).Select(static i => Id('v', i))];
        float[] values = new float[Candidates * set.Count];
        long begun = Stopwatch.GetTimestamp();
        for (int n = 0; n < Requests; n++)
        {
            FeatureRequest request = new()
            {
                AsOf = Start.AddDays(2),
                Entity = "user",
                Id = Id('u', n),
                Context = Context,
            };
            reader.ReadRows(request, "item", items, values);
        }

        return Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Requests;
    }

    private static EventRecord Make(int number) => new()
    {
        Id = number.ToString("x", CultureInfo.InvariantCulture),
        Type = number < 1000 ? "video" : "play",
        Entities = number < 1000
            ? [new("item", Id('v', number))]
            : [new("user", Id('u', number % 500)), new("item", Id('v', (int)(number * 7919L % 1000)))],
        EventTime = Start.AddSeconds(number),
        KnownTime = Start.AddSeconds(number),
        Data = Encoding.UTF8.GetBytes(number < 1000
            ? string.Create(CultureInfo.InvariantCulture, $$"""{"category":"c{{number % 20}}"}""")
            : string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"seconds":{{number % 977 / 10.0}},"device":"d{{number % 3}}","minutes":{{number % 977 / 600.0:R}},"long":{{(number % 977 > 300 ? "true" : "false")}},"what":"d{{number % 3}}|{{number % 24}}"}""")),
    };

    private static string Id(char kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");

    private static SystemSpec Columns(bool computed)
    {
        FeatureViewBuilder view = FeatureViewBuilder.Of("user").From("play");
        if (computed)
        {
            view.Column("minutes_", "seconds / 60").Column("long_", "seconds > 30 and device != \"d9\"")
                .Column("what_", "cross(device, hour(event_time))");
        }

        string mark = computed ? "_" : "";
        return System(("view", view.Feature("a", $"sum minutes{mark} over 7d").Feature("b", $"mean long{mark} over 7d")
            .Feature("c", $"last what{mark}").Build()));
    }

    private static SystemSpec Plain() => System(("item_play", Six("item")), ("user_play", Six("user")), ("all_play", Four()));

    private static SystemSpec Rich() => System(
        ("item_play", Three("item")), ("user_play", Three("user")),
        ("user_item", FeatureViewBuilder.Of("user", "item").From("play")
            .Feature("plays", "count").Feature("seconds", "sum seconds").Build()),
        ("user_category", FeatureViewBuilder.Of("user", "item.category").From("play")
            .Feature("plays", "count").Feature("seconds", "sum seconds").Build()),
        ("mix", FeatureViewBuilder.Computed()
            .Compute("hour", "hour(now)").Compute("on_tv", "request.slot == \"tv\"")
            .Compute("taste", "user_category:plays / user_play:n")
            .Compute("again", "if(user_item:plays > 1, log1p(user_item:seconds), 0)")
            .Compute("long", "item_play:s / item_play:n")
            .Compute("match", "cross(video:category, request.slot) == \"c1|tv\"").Build()));

    private static FeatureViewSpec Three(string entity) => FeatureViewBuilder.Of(entity).From("play")
        .Feature("n", "count").Feature("s", "sum seconds").Feature("m", "mean seconds over 1d").Build();

    private static FeatureViewSpec Six(string entity) => FeatureViewBuilder.Of(entity).From("play")
        .Feature("n", "count").Feature("s", "sum seconds").Feature("m", "mean seconds over 1d")
        .Feature("n1", "count over 1d").Feature("s1", "sum seconds over 1d").Feature("l", "last seconds").Build();

    private static FeatureViewSpec Four() => FeatureViewBuilder.Of("global").From("play")
        .Feature("n", "count").Feature("s", "sum seconds").Feature("n1", "count over 1h").Feature("l", "last seconds").Build();

    private static SystemSpec System(params (string Name, FeatureViewSpec View)[] views) => new()
    {
        Name = "bench",
        Objective = new ObjectiveSpec
        {
            Task = "retrieval",
            Label = new LabelSpec { Event = "play", Impression = "shown" },
        },
        Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal)
        {
            ["play"] = Source(
                ["user", "item"], ("seconds", ColumnType.Number), ("device", ColumnType.Text), ("minutes", ColumnType.Number),
                ("long", ColumnType.Flag), ("what", ColumnType.Text)),
            ["shown"] = Source(["user", "item"], ("slot", ColumnType.Text)),
            ["video"] = Source(["item"], ("category", ColumnType.Text)) with { Kind = SourceKind.Table },
        },
        Features = views.ToDictionary(static each => each.Name, static each => each.View, StringComparer.Ordinal),
    };

    private static SourceSpec Source(string[] entities, params (string Name, ColumnType Type)[] columns) => new()
    {
        Entities = entities,
        Columns = columns.ToDictionary(
            static each => each.Name, static each => new ColumnSpec { Type = each.Type }, StringComparer.Ordinal),
    };
}
