using Tandem.Spec;

namespace Tandem.Features.Tests;

/// <summary>A system with every operator, window rule and kind of source.</summary>
internal static class TestSystem
{
    public static SystemSpec Spec { get; } = new()
    {
        Name = "features",
        Objective = new ObjectiveSpec { Task = "retrieval", Label = new LabelSpec { Event = "play" } },
        Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal)
        {
            ["play"] = new()
            {
                Entities = ["user", "item"],
                Columns = Columns(
                    ("seconds", ColumnType.Number), ("liked", ColumnType.Flag), ("device", ColumnType.Text),
                    ("rank", ColumnType.Whole), ("started", ColumnType.Time)),
            },
            ["items"] = new()
            {
                Kind = SourceKind.Table,
                Entities = ["item"],
                Columns = Columns(("price", ColumnType.Number), ("genre", ColumnType.Text)),
            },
            ["check_in"] = new() { Entities = ["user", "item"], HasTimes = false },
        },
        Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
        {
            ["user_play"] = View("user", "play",
                Feature("plays_1h", "count", null, TimeSpan.FromHours(1)),
                Feature("plays", "count", null, null),
                Feature("seconds_2d", "sum", "seconds", TimeSpan.FromDays(2)),
                Feature("seconds", "sum", "seconds", null),
                Feature("seconds_mean_14d", "mean", "seconds", TimeSpan.FromDays(14)),
                Feature("liked_share", "mean", "liked", null),
                Feature("rank_last", "last", "rank", null),
                Feature("rank_last_1d", "last", "rank", TimeSpan.FromDays(1)),
                Feature("started_last", "last", "started", null),
                Feature("device_last", "last", "device", null),
                Feature("items_last", "last_k", "item", null, 5),
                Feature("devices_last_2d", "last_k", "device", TimeSpan.FromDays(2), 50),
                Feature("items_sequence", "sequence", "item", null, 4) with { Weight = "seconds" },
                Feature("devices_sequence_2d", "sequence", "device", TimeSpan.FromDays(2), 100),
                Feature("seconds_min_2d", "min", "seconds", TimeSpan.FromDays(2)),
                Feature("seconds_min", "min", "seconds", null),
                Feature("seconds_max_14d", "max", "seconds", TimeSpan.FromDays(14)),
                Feature("rank_max", "max", "rank", null),
                Feature("seconds_variance_2d", "variance", "seconds", TimeSpan.FromDays(2)),
                Feature("seconds_variance", "variance", "seconds", null),
                Feature("rank_stddev", "stddev", "rank", null),
                Feature("seconds_median_14d", "quantile", "seconds", TimeSpan.FromDays(14)),
                Feature("seconds_p90_2d", "quantile", "seconds", TimeSpan.FromDays(2)) with { Quantile = 0.9 },
                Feature("seconds_p90", "quantile", "seconds", null) with { Quantile = 0.9 },
                Feature("liked_rate_7d", "rate", "liked", TimeSpan.FromDays(7)) with { Prior = 0.2, Strength = 5 },
                Feature("liked_rate", "rate", "liked", null),
                Feature("liked_per_second", "ratio", "liked", null) with { Per = "seconds", Prior = 0.1, Strength = 2 },
                Feature("seconds_per_rank_2d", "ratio", "seconds", TimeSpan.FromDays(2)) with { Per = "rank" },
                Feature("age", "age", null, null),
                Feature("age_2d", "age", null, TimeSpan.FromDays(2)),
                Feature("plays_decayed", "decayed_count", null, null) with { HalfLife = TimeSpan.FromHours(5) },
                Feature("seconds_decayed_2d", "decayed_sum", "seconds", TimeSpan.FromDays(2)) with
                {
                    HalfLife = TimeSpan.FromHours(9),
                },
                Feature("items_7d", "unique", "item", TimeSpan.FromDays(7)),
                Feature("items", "unique", "item", null),
                Feature("devices", "unique", "device", null),
                Feature("about_items_7d", "approx_unique", "item", TimeSpan.FromDays(7)),
                Feature("about_items", "approx_unique", "item", null),
                Feature("seconds_first", "first", "seconds", null),
                Feature("rank_first_2d", "first", "rank", TimeSpan.FromDays(2)),
                Feature("device_first", "first", "device", null),
                Feature("device_first_7d", "first", "device", TimeSpan.FromDays(7)),
                Feature("seconds_top", "top_k", "seconds", null, 3),
                Feature("seconds_top_2d", "top_k", "seconds", TimeSpan.FromDays(2), 5),
                Feature("rank_bottom", "bottom_k", "rank", null, 4),
                Feature("items_often_7d", "histogram", "item", TimeSpan.FromDays(7), 3),
                Feature("devices_often", "histogram", "device", null),
                Feature("plays_by_device", "count", null, null) with { By = "device", Values = ["tv", "ph\u00f6ne"] },
                Feature("seconds_by_item_2d", "mean", "seconds", TimeSpan.FromDays(2)) with
                {
                    By = "item",
                    Values = ["i0", "i3"],
                }),
            ["user_long_play"] = View("user", "play",
                Feature("long_plays_7d", "count", null, TimeSpan.FromDays(7)),
                Feature("long_seconds_7d", "sum", "seconds", TimeSpan.FromDays(7))) with
            {
                Where =
                [
                    new ConditionSpec { Column = "seconds", Operator = ">=", Value = 3.0 },
                    new ConditionSpec { Column = "device", Operator = "!=", Value = "tv" },
                ],
                TimeToLive = TimeSpan.FromHours(30),
            },
            ["item_play"] = View("item", "play",
                Feature("plays_12d", "count", null, TimeSpan.FromDays(12)),
                Feature("seconds_mean_12h", "mean", "seconds", TimeSpan.FromHours(12))),
            ["all_play"] = View(FeatureView.GlobalEntity, "play",
                Feature("plays_5m", "count", null, TimeSpan.FromMinutes(5)),
                Feature("seconds_mean", "mean", "seconds", null)),
            ["item_state"] = View("item", "items",
                Feature("price", "last", "price", null),
                Feature("genre", "last", "genre", null)) with
            {
                TimeToLive = TimeSpan.FromDays(9),
            },
            ["user_check_in"] = View("user", "check_in",
                Feature("check_ins", "count", null, null),
                Feature("places", "last_k", "item", null, 4)),
        },
    };

    public static IReadOnlyList<FeatureView> Views { get; } = FeatureView.CompileAll(Spec);

    public static FeatureViewSpec View(string entity, string source, params AggregateSpec[] aggregates) =>
        new() { Entity = entity, Source = source, Aggregates = aggregates };

    public static AggregateSpec Feature(string name, string op, string? column, TimeSpan? window, int k = 20) =>
        new() { Name = name, Operator = op, Column = column, Window = window, K = k };

    private static Dictionary<string, ColumnSpec> Columns(params (string Name, ColumnType Type)[] columns) =>
        columns.ToDictionary(c => c.Name, c => new ColumnSpec { Type = c.Type }, StringComparer.Ordinal);
}
