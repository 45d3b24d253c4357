using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake;
using Tandem.Numerics;
using Tandem.Spec;
using Xunit.Abstractions;

namespace Tandem.Features.Tests;

public sealed class ComputedColumnTests
{
    private const int EventCount = 10_000;

    private static readonly Dictionary<string, Expression> Columns = new(StringComparer.Ordinal)
    {
        ["minutes"] = Expression.Parse("seconds / 60"),
        ["effort"] = Expression.Parse("log1p(seconds * 3) * if(liked, 2, 1) / (rank - 2)"),
        ["long"] = Expression.Parse("seconds > 4 and device == \"tv\""),
        ["slot"] = Expression.Parse("cross(device, hour(event_time))"),
        ["weekend"] = Expression.Parse("weekday(event_time) >= 6"),
        ["lead"] = Expression.Parse("event_time - started"),
        ["who"] = Expression.Parse("cross(user, coalesce(device, \"?\"))"),
    };

    private static readonly SystemSpec Computed = System(Columns, stored: false);

    /// <summary>The same, for a log in which the oracle has written the columns.</summary>
    private static readonly SystemSpec Stored = System(Columns, stored: true);

    private readonly ITestOutputHelper _output;

    public ComputedColumnTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Values_OverARandomHistory_AreThoseOfPlainLoopsOnlineAndOffline(ulong seed, bool isInKnownOrder)
    {
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        List<EventRecord> log = RandomHistory.Events(ref random, EventCount, isInKnownOrder);
        if (isInKnownOrder)
        {
            log = RandomHistory.WithDuplicates(ref random, log);
        }

        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(Computed);
        List<EventRecord> written = [.. log.Select(Write)];
        await using TestLake lake = await TestLake.OpenAsync(Computed);

        // Half from the lake and half from the log, as after a restart.
        using LakeSnapshot half = await lake.FillAsync(log[..(log.Count / 2)]);
        var store = new FeatureStore(views);
        await store.RestoreAsync(half);
        foreach (EventRecord record in log[(log.Count / 2)..])
        {
            store.Apply(record, store.AppliedUntil);
        }

        using LakeSnapshot whole = await lake.FillAsync(log[(log.Count / 2)..]);
        DateTimeOffset newest = log.Max(static record => record.KnownTime);
        DateTimeOffset end = newest.AddDays(1);
        var set = FeatureSet.Create(views);
        Spine spine = new()
        {
            Entities = ["user", "item"],
            Ids = [[.. Enumerable.Range(0, 40).Select(i => $"u{i % 7}")], [.. Enumerable.Range(0, 40).Select(i => $"i{i % 6}")]],
            Times = [.. Enumerable.Range(0, 40).Select(i => LakeTime.ToMicros(end.AddHours(-7 * i)))],
        };
        TrainingSet training = await TrainingSetBuilder.BuildAsync(whole, spine, set, end);

        for (int row = 0; row < spine.Count; row++)
        {
            DateTimeOffset asOf = end.AddHours(-7 * row);
            foreach ((string view, FeatureViewSpec definition) in Stored.Features)
            {
                string id = spine.Ids[definition.Entity == "user" ? 0 : 1][row];
                EventRecord[] own = [.. written.Where(e => e.Entities.Any(each => each.Id == id))];
                foreach (AggregateSpec feature in definition.Aggregates)
                {
                    FeatureValue expected = Oracle.Value(own, Stored, view, feature, id, asOf);
                    int column = set.IndexOf($"{view}:{feature.Name}");
                    Assert.True(
                        column < 0 || ((float)expected.Number).Equals(training.Row(row)[column]),
                        $"{view}:{feature.Name} of {id} as of {asOf:O}: {expected} but {(column < 0 ? 0 : training.Row(row)[column])}");
                    if (asOf > newest)
                    {
                        FeatureValue online = store.Read(view, feature.Name, id, asOf);
                        Assert.True(Oracle.AreEqual(feature, expected, online), $"{view}:{feature.Name}: {expected} but {online}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Version_ChangesWithTheExpression_AndNotWithItsLayoutOrTheName()
    {
        string[] versions =
        [
            .. new[] { ("m", "seconds / 60"), ("m", "( seconds/60 )"), ("n", "seconds / 60"), ("m", "seconds / 30") }
                .Select(each => VersionOf(each.Item1, each.Item2)),
        ];

        Assert.Equal(versions[0], versions[1]);
        Assert.Equal(versions[0], versions[2]);
        Assert.NotEqual(versions[0], versions[3], StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("m", "secnds / 60", "SPC061")]
    [InlineData("m", "device / 60", "SPC063")]
    [InlineData("seconds", "rank / 60", "FEA017")]
    [InlineData("user", "rank / 60", "FEA017")]
    [InlineData("event_time", "rank / 60", "FEA017")]
    public void CompileAll_OfAWrongColumn_IsRefused(string name, string expression, string code)
    {
        TandemException refused = Assert.Throws<TandemException>(() => VersionOf(name, expression));

        Assert.Equal((code, $"features.view.columns.{name}"), (refused.Fault.Code, refused.Fault.Place));
    }

    private static string VersionOf(string name, string expression) => FeatureView.CompileAll(TestSystem.Spec with
    {
        Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
        {
            ["view"] = TestSystem.View("user", "play", TestSystem.Feature("x", "sum", name, TimeSpan.FromDays(1))) with
            {
                Columns = new Dictionary<string, Expression>(StringComparer.Ordinal)
                {
                    [name] = Expression.Parse(expression),
                },
            },
        },
    })[0].Version;

    private static SystemSpec System(Dictionary<string, Expression> columns, bool stored)
    {
        SourceSpec play = TestSystem.Spec.Sources["play"];
        var declared = new Dictionary<string, ColumnSpec>(play.Columns, StringComparer.Ordinal);
        if (stored)
        {
            foreach ((string name, Expression expression) in columns)
            {
                declared[name] = new ColumnSpec
                {
                    Type = ExpressionScope.ColumnOf(expression.TypeIn(ExpressionScope.Of(play), out _)!.Value),
                };
            }
        }

        var none = new Dictionary<string, Expression>(StringComparer.Ordinal);
        return TestSystem.Spec with
        {
            Sources = new Dictionary<string, SourceSpec>(TestSystem.Spec.Sources, StringComparer.Ordinal)
            {
                ["play"] = play with { Columns = declared },
            },
            Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
            {
                ["user_long"] = TestSystem.View("user", "play",
                    TestSystem.Feature("plays", "count", null, null),
                    TestSystem.Feature("plays_2d", "count", null, TimeSpan.FromDays(2)),
                    TestSystem.Feature("minutes", "sum", "minutes", null),
                    TestSystem.Feature("slots", "last_k", "slot", null, 5)) with
                {
                    Columns = stored ? none : columns,
                    Where = [new ConditionSpec { Column = "long", Operator = "==", Value = true }],
                },
                ["user_play"] = TestSystem.View("user", "play",
                    TestSystem.Feature("minutes_7d", "mean", "minutes", TimeSpan.FromDays(7)),
                    TestSystem.Feature("minutes_max", "max", "minutes", null),
                    TestSystem.Feature("effort", "last", "effort", null),
                    TestSystem.Feature("effort_min_2d", "min", "effort", TimeSpan.FromDays(2)),
                    TestSystem.Feature("weekend_rate", "rate", "weekend", TimeSpan.FromDays(7)) with { Strength = 1 },
                    TestSystem.Feature("lead_first", "first", "lead", null),
                    TestSystem.Feature("slot", "last", "slot", null),
                    TestSystem.Feature("whos", "unique", "who", TimeSpan.FromDays(2)),
                    TestSystem.Feature("slots_often", "histogram", "slot", TimeSpan.FromDays(7), 3)) with
                {
                    Columns = stored ? none : columns,
                },
                ["item_play"] = TestSystem.View("item", "play",
                    TestSystem.Feature("whos", "histogram", "who", null, 5)) with
                {
                    Columns = stored ? none : columns,
                },
            },
        };
    }

    /// <summary>The event with the columns as the oracle computes them.</summary>
    private static EventRecord Write(EventRecord record)
    {
        if (record.Type != "play")
        {
            return record;
        }

        Dictionary<string, JsonElement> data = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(record.Data.Span)!;
        var all = data.ToDictionary(cell => cell.Key, cell => (object)cell.Value, StringComparer.Ordinal);
        foreach ((string name, Expression expression) in Columns)
        {
            if (ExpressionOracle.Value(expression, Named) is { } value)
            {
                all[name] = value;
            }
        }

        return record with { Data = JsonSerializer.SerializeToUtf8Bytes(all) };

        object? Named(string name) => name == "event_time" ? record.EventTime
            : record.Entities.FirstOrDefault(each => each.Entity == name).Id is { } id ? id
            : !data.TryGetValue(name, out JsonElement cell) ? null
            : cell.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.String when name == "started" => cell.GetDateTimeOffset(),
                JsonValueKind.String => cell.GetString(),
                _ => cell.GetDouble(),
            };
    }
}
