using Tandem.Events;
using Tandem.Spec;

namespace Tandem.Features.Tests;

/// <summary>A system with features of pairs, and their meaning in plain loops.</summary>
internal static class PairSystem
{
    private const string Pair = "pair";

    public static SystemSpec Design { get; } = TestSystem.Spec with
    {
        Objective = new ObjectiveSpec
        {
            Task = "retrieval",
            Label = new LabelSpec { Event = "play", Impression = "shown" },
        },
        Sources = new Dictionary<string, SourceSpec>(TestSystem.Spec.Sources, StringComparer.Ordinal)
        {
            ["shown"] = new()
            {
                Entities = ["user", "item"],
                Columns = new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
                {
                    ["device"] = new() { Type = ColumnType.Text },
                },
            },
        },
        Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
        {
            ["user_item"] = TestSystem.View("user", "play",
                TestSystem.Feature("plays", "count", null, null),
                TestSystem.Feature("plays_2d", "count", null, TimeSpan.FromDays(2)),
                TestSystem.Feature("seconds", "sum", "seconds", null),
                TestSystem.Feature("rank", "last", "rank", null)) with
            {
                With = "item",
                TimeToLive = TimeSpan.FromDays(4),
            },
            ["user_device"] = TestSystem.View("user", "play",
                TestSystem.Feature("plays_7d", "count", null, TimeSpan.FromDays(7)),
                TestSystem.Feature("items", "unique", "item", null)) with
            {
                With = "device",
            },
            ["user_genre"] = TestSystem.View("user", "play",
                TestSystem.Feature("plays", "count", null, null),
                TestSystem.Feature("long_plays_7d", "count", null, TimeSpan.FromDays(7)),
                TestSystem.Feature("seconds_2d", "mean", "seconds", TimeSpan.FromDays(2)),
                TestSystem.Feature("items", "last_k", "item", null, 5)) with
            {
                With = "item.genre",
                Where = [new ConditionSpec { Column = "seconds", Operator = ">=", Value = 2.0 }],
            },
            ["user_play"] = TestSystem.View("user", "play", TestSystem.Feature("plays", "count", null, null)),
            ["user_genres"] = TestSystem.View("user", "play",
                TestSystem.Feature("newest", "last", "item.genre", null),
                TestSystem.Feature("recent", "last_k", "item.genre", null, 5),
                TestSystem.Feature("genres_2d", "unique", "item.genre", TimeSpan.FromDays(2)),
                TestSystem.Feature("plays", "count", null, null) with { By = "item.genre", Values = ["g0", "g1"] }),
            ["user_other"] = TestSystem.View("user", "play", TestSystem.Feature("seconds", "sum", "seconds", null)) with
            {
                Where = [new ConditionSpec { Column = "item.genre", Operator = "!=", Value = "g1" }],
            },
            ["mix"] = new()
            {
                Compute = new Dictionary<string, Expression>(StringComparer.Ordinal)
                {
                    ["taste"] = Expression.Parse("user_genre:plays / user_play:plays"),
                    ["here"] = Expression.Parse("user_device:plays_7d * 2"),
                },
            },
        },
    };

    /// <summary>Compares every feature of a question's pairs, and of its user by what tables say, with plain loops over a log
    /// in which each event names what was known when it came.</summary>
    public static void AssertLikeTheOracle(List<EventRecord> log, FeatureStore store, PairQuestion question)
    {
        Dictionary<string, string?> genres = new(StringComparer.Ordinal);
        List<EventRecord> plays = [];
        foreach (EventRecord record in log)
        {
            string item = record.Entities.First(each => each.Entity == "item").Id;
            if (record.Type == "items")
            {
                genres[item] = TextOf(record, "genre");
            }
            else if (record.Type == "play" && record.Entities[0].Id == question.User)
            {
                plays.Add(genres.GetValueOrDefault(item) is { } genre
                    ? record with { Entities = [.. record.Entities, new("item.genre", genre)] }
                    : record);
            }
        }

        AssertOfUser(plays, store, question);

        foreach (FeatureView view in store.Views.Where(view => view.Parts.Count == 2))
        {
            FeatureViewSpec spec = Design.Features[view.Name];
            string? second = spec.With == "item" ? question.Item
                : spec.With == "device" ? question.Device
                : genres.GetValueOrDefault(question.Item);
            if (second is null)
            {
                continue;
            }

            EventRecord[] own =
            [
                .. plays.Where(record => record.Entities.Any(each => each.Entity == spec.With && each.Id == second)
                    || (spec.With == "device" && TextOf(record, "device") == second))
                    .Select(record => record with { Entities = [.. record.Entities, new(Pair, second)] }),
            ];
            SystemSpec system = Design with
            {
                Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
                {
                    [view.Name] = spec with { Entity = Pair },
                },
            };
            foreach (AggregateSpec feature in spec.Aggregates)
            {
                FeatureValue expected = Oracle.Value(own, system, view.Name, feature, second, question.AsOf);
                FeatureValue actual = store.Read(view.Name, feature.Name, $"{question.User}|{second}", question.AsOf);
                Assert.True(
                    Oracle.AreEqual(feature, expected, actual),
                    $"{view.Name}:{feature.Name} of {question}, {second}: {Said(expected)} but {Said(actual)}");
            }
        }
    }

    private static void AssertOfUser(List<EventRecord> plays, FeatureStore store, PairQuestion question)
    {
        foreach ((string view, FeatureViewSpec spec) in Design.Features.Where(view =>
            view.Value is { Entity: "user", With: null } && store.Views.Any(each => each.Name == view.Key)))
        {
            foreach ((string name, FeatureValue expected) in spec.Aggregates.SelectMany(feature =>
                Oracle.Values(plays, Design, view, feature, question.User, question.AsOf)))
            {
                FeatureValue actual = store.Read(view, name, question.User, question.AsOf);
                Assert.True(
                    Said(expected) == Said(actual), $"{view}:{name} of {question}: {Said(expected)} but {Said(actual)}");
            }
        }
    }

    private static string? TextOf(EventRecord record, string column)
    {
        using var data = System.Text.Json.JsonDocument.Parse(record.Data);
        return data.RootElement.TryGetProperty(column, out System.Text.Json.JsonElement cell) ? cell.GetString() : null;
    }

    public static string Said(FeatureValue value) =>
        $"{value.Kind} {value.Number:R} {value.Text} {string.Join(',', value.Ids)}";
}
