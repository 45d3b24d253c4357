using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Features;
using Tandem.Spec;

namespace Tandem.Bench.Features;

/// <summary>A system of 250 features of a user, and the events behind them.</summary>
internal static class FeatureSystem
{
    private const int FeatureCount = 250;
    private const int Day = 24 * 60 * 60;

    /// <summary>The views: every numeric operator over eight lengths of time.</summary>
    public static IReadOnlyList<FeatureView> Views { get; } = FeatureView.CompileAll(Spec());

    /// <summary>A choice of the features, spread over all operators and windows.</summary>
    public static FeatureSet Choose(int count)
    {
        IReadOnlyList<string> all = FeatureSet.Create(Views).Names;
        return FeatureSet.Create(Views, [.. Enumerable.Range(0, count).Select(i => all[i * all.Count / count])]);
    }

    /// <summary>The event of a number: what it says depends on the number alone.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="user">Who acts.</param>
    /// <param name="happened">When it happened and became known.</param>
    public static EventRecord Make(long number, int user, DateTimeOffset happened) => new()
    {
        Id = number.ToString("x", CultureInfo.InvariantCulture),
        Type = "play",
        Entities =
        [
            new("user", User(user)), new("item", string.Create(CultureInfo.InvariantCulture, $"v{number * 7919 % 30_000}")),
        ],
        EventTime = happened,
        KnownTime = happened,
        Data = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"seconds":{{number % 977 / 10.0}},"fraction":0.{{number % 89 + 10}},"liked":{{(number % 3 == 0 ? "true" : "false")}}}""")),
    };

    /// <summary>The id of a user.</summary>
    public static string User(int user) => string.Create(CultureInfo.InvariantCulture, $"u{user}");

    /// <summary>How long ago an event of the past happened: most of them lately, all within thirty days.</summary>
    public static TimeSpan Age(long number)
    {
        double share = number * 2_654_435_761 % 1_000_003 / 1_000_003.0;
        return TimeSpan.FromSeconds(1 + (30 * Day * share * share));
    }

    private static SystemSpec Spec()
    {
        (string Operator, string? Column)[] operators =
        [
            ("count", null), ("age", null), ("sum", "seconds"), ("mean", "seconds"), ("stddev", "seconds"),
            ("min", "seconds"), ("max", "seconds"), ("last", "seconds"), ("first", "seconds"), ("quantile", "seconds"),
            ("sum", "fraction"), ("mean", "fraction"), ("variance", "fraction"), ("min", "fraction"),
            ("max", "fraction"), ("last", "fraction"), ("first", "fraction"), ("quantile", "fraction"),
            ("rate", "liked"), ("mean", "liked"), ("sum", "liked"), ("last", "liked"), ("ratio", "liked"),
            ("unique", "item"), ("decayed_count", null), ("decayed_sum", "seconds"), ("decayed_sum", "fraction"),
            ("decayed_sum", "liked"), ("stddev", "fraction"), ("max", "liked"), ("min", "liked"), ("first", "liked"),
        ];
        (string Name, TimeSpan? Window)[] windows =
        [
            ("1h", TimeSpan.FromHours(1)), ("6h", TimeSpan.FromHours(6)), ("1d", TimeSpan.FromDays(1)),
            ("3d", TimeSpan.FromDays(3)), ("7d", TimeSpan.FromDays(7)), ("14d", TimeSpan.FromDays(14)),
            ("30d", TimeSpan.FromDays(30)), ("all", null),
        ];
        AggregateSpec[] features =
        [
            .. (from known in operators
                from window in windows
                select new AggregateSpec
                {
                    Name = $"{known.Operator}_{known.Column}_{window.Name}",
                    Operator = known.Operator,
                    Column = known.Column,
                    Window = window.Window,
                    Per = known.Operator == "ratio" ? "seconds" : null,
                    HalfLife = known.Operator.StartsWith("decayed", StringComparison.Ordinal) ? TimeSpan.FromDays(1) : null,
                    Strength = known.Operator is "rate" or "ratio" ? 5 : 0,
                }).Take(FeatureCount),
        ];
        return new SystemSpec
        {
            Name = "bench",
            Objective = new ObjectiveSpec { Task = "retrieval", Label = new LabelSpec { Event = "play" } },
            Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal)
            {
                ["play"] = new()
                {
                    Entities = ["user", "item"],
                    Columns = new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
                    {
                        ["seconds"] = new() { Type = ColumnType.Number },
                        ["fraction"] = new() { Type = ColumnType.Number },
                        ["liked"] = new() { Type = ColumnType.Flag },
                    },
                },
            },
            Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
            {
                ["user_play"] = new() { Entity = "user", Source = "play", Aggregates = features },
            },
        };
    }
}
