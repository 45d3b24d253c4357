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
                Feature("devices_last_2d", "last_k", "device", TimeSpan.FromDays(2), 50)),
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
