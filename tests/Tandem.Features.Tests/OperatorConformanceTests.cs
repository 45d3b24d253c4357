using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Lake;
using Tandem.Numerics;
using Tandem.Spec;
using Xunit.Abstractions;

namespace Tandem.Features.Tests;

/// <summary>Ten thousand random events and ten thousand random questions for every operator: the online store while
/// they arrive, training sets afterwards, and plain loops over the events agree.</summary>
public sealed class OperatorConformanceTests
{
    private const int EventCount = 10_000;
    private const int QuestionCount = 10_000;
    private const int UserCount = 40;
    private const long Minute = 60_000_000;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ITestOutputHelper _output;

    public OperatorConformanceTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(1, "sums")]
    [InlineData(2, "order")]
    [InlineData(3, "ranks")]
    [InlineData(4, "texts")]
    public async Task Values_OfEveryOperator_AgreeOnlineOfflineAndWithPlainLoops(ulong seed, string family)
    {
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        AggregateSpec[] features = [.. Features(family)];
        SystemSpec spec = Spec(features);
        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(spec);
        Row[] rows = Rows(ref random);
        (string User, long Moment)[] questions = Questions(ref random);
        double[][] online = await OnlineAsync(spec, views, rows, questions, random);
        float[] offline = await OfflineAsync(spec, views, rows, questions);

        var names = FeatureSet.Create(views).Names.ToList();
        ILookup<string, Row> byUser = rows.ToLookup(row => row.User, StringComparer.Ordinal);
        int different = 0;
        for (int q = 0; q < questions.Length; q++)
        {
            (string user, long moment) = questions[q];
            foreach ((AggregateSpec feature, int f) in features.Select((feature, f) => (feature, f)))
            {
                double expected = Plain(feature, byUser[user], moment);
                string place = $"{feature.Operator} over {feature.Window} of {user} as of {moment}";
                Assert.True(IsNear(feature, expected, online[q][f]), $"{place}: {expected:R} but {online[q][f]:R}");
                float rounded = offline[(q * names.Count) + names.IndexOf($"view:{feature.Name}")];
                Assert.True(
                    BitConverter.SingleToInt32Bits((float)online[q][f]) == BitConverter.SingleToInt32Bits(rounded),
                    $"{place}: online {online[q][f]:R}, offline {rounded:R}");
                different += double.IsNaN(expected) || expected == 0 ? 0 : 1;
            }
        }

        Assert.True(different > questions.Length * features.Length / 3, $"Only {different} values say anything.");
    }

    private static IEnumerable<AggregateSpec> Features(string family)
    {
        (string Operator, string? Column)[] operators = family switch
        {
            "sums" => [("count", null), ("sum", "value"), ("mean", "value"), ("variance", "value"),
                ("stddev", "value"), ("rate", "liked"), ("ratio", "value")],
            "order" => [("first", "value"), ("last", "value"), ("age", null), ("decayed_count", null),
                ("decayed_sum", "value")],
            "ranks" => [("min", "value"), ("max", "value"), ("quantile", "value")],
            _ => [("unique", "word"), ("approx_unique", "word")],
        };
        (string Name, TimeSpan? Window)[] windows =
            [("all", null), ("1h", TimeSpan.FromHours(1)), ("3d", TimeSpan.FromDays(3)), ("15d", TimeSpan.FromDays(15))];
        return from known in operators
               from window in windows
               select new AggregateSpec
               {
                   Name = $"{known.Operator}_{window.Name}",
                   Operator = known.Operator,
                   Column = known.Column,
                   Window = window.Window,
                   Per = known.Operator == "ratio" ? "other" : null,
                   HalfLife = known.Operator.StartsWith("decayed", StringComparison.Ordinal) ? TimeSpan.FromHours(9) : null,
                   Quantile = known.Operator == "quantile" ? 0.8 : null,
                   Prior = known.Operator is "rate" or "ratio" ? 0.3 : 0,
                   Strength = known.Operator is "rate" or "ratio" ? 4 : 0,
               };
    }

    private static SystemSpec Spec(AggregateSpec[] features) => new()
    {
        Name = "conformance",
        Objective = new ObjectiveSpec { Task = "retrieval", Label = new LabelSpec { Event = "act" } },
        Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal)
        {
            ["act"] = new()
            {
                Entities = ["user"],
                Columns = new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
                {
                    ["value"] = new() { Type = ColumnType.Number },
                    ["other"] = new() { Type = ColumnType.Whole },
                    ["liked"] = new() { Type = ColumnType.Flag },
                    ["word"] = new() { Type = ColumnType.Text },
                },
            },
        },
        Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
        {
            ["view"] = TestSystem.View("user", "act", features),
        },
    };

    /// <summary>Events over thirty days, a third of them late by up to three days; known in the order of the
    /// array.</summary>
    private static Row[] Rows(ref SeededRandom random)
    {
        var rows = new Row[EventCount];
        for (int i = 0; i < rows.Length; i++)
        {
            // Coarse steps make ties, and put events on the edges of windows.
            long time = random.NextInt(30 * 24 * 12) * 5 * Minute;
            long lag = random.NextInt(3) == 0 ? random.NextInt(3 * 24 * 60) * Minute : random.NextInt(3);
            double value = random.NextInt(12) == 0 ? double.NaN : Math.Round((random.NextDouble() - 0.3) * 100, 3);
            rows[i] = new Row(
                string.Create(CultureInfo.InvariantCulture, $"e{i}"),
                string.Create(CultureInfo.InvariantCulture, $"u{random.NextInt(UserCount)}"),
                time, time + lag, value, random.NextInt(20),
                random.NextInt(5) == 0 ? null : random.NextInt(3) == 0,
                random.NextInt(9) == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"w{random.NextInt(400)}"));
        }

        return [.. rows.OrderBy(row => row.Known)];
    }

    private static (string User, long Moment)[] Questions(ref SeededRandom random)
    {
        var questions = new (string User, long Moment)[QuestionCount];
        for (int q = 0; q < questions.Length; q++)
        {
            questions[q] = (
                string.Create(CultureInfo.InvariantCulture, $"u{random.NextInt(UserCount + 1)}"),
                random.NextInt(34 * 24 * 60) * Minute);
        }

        return [.. questions.OrderBy(question => question.Moment)];
    }

    /// <summary>Asks each question when everything known by then has been applied: duplicates among it, and with three
    /// restarts from the lake on the way.</summary>
    private static async Task<double[][]> OnlineAsync(
        SystemSpec spec, IReadOnlyList<FeatureView> views, Row[] rows, (string User, long Moment)[] questions,
        SeededRandom random)
    {
        await using TestLake lake = await TestLake.OpenAsync(spec);
        var store = new FeatureStore(views);
        double[][] answers = new double[questions.Length][];
        string[] names = [.. views[0].Features.Select(feature => feature.Name)];
        int applied = 0;
        int inLake = 0;
        for (int q = 0; q < questions.Length; q++)
        {
            for (; applied < rows.Length && rows[applied].Known <= questions[q].Moment; applied++)
            {
                store.Apply(rows[applied].Record(), store.AppliedUntil);
                if (random.NextInt(10) == 0)
                {
                    Row again = rows[Math.Max(inLake, applied - random.NextInt(4))];
                    store.Apply(again.Record(), store.AppliedUntil);
                }
            }

            if (q % (questions.Length / 4) == questions.Length / 8)
            {
                using LakeSnapshot snapshot =
                    await lake.FillAsync([.. rows[inLake..applied].Select(row => row.Record())]);
                inLake = applied;
                store = new FeatureStore(views);
                await store.RestoreAsync(snapshot);
            }

            if (random.NextInt(200) == 0)
            {
                store.Prune();
            }

            DateTimeOffset asOf = Start.AddTicks(questions[q].Moment * TimeSpan.TicksPerMicrosecond);
            answers[q] = [.. names.Select(name => store.Read("view", name, questions[q].User, asOf).Number)];
        }

        return answers;
    }

    private static async Task<float[]> OfflineAsync(
        SystemSpec spec, IReadOnlyList<FeatureView> views, Row[] rows, (string User, long Moment)[] questions)
    {
        await using TestLake lake = await TestLake.OpenAsync(spec);
        using LakeSnapshot snapshot = await lake.FillAsync([.. rows.Select(row => row.Record())]);
        var spine = new Spine
        {
            Entities = ["user"],
            Ids = [[.. questions.Select(question => question.User)]],
            Times = [.. questions.Select(question => LakeTime.ToMicros(Start) + question.Moment)],
        };
        TrainingSet set = await TrainingSetBuilder.BuildAsync(
            snapshot, spine, FeatureSet.Create(views), Start.AddDays(40));
        return set.Values;
    }

    private static bool IsNear(AggregateSpec feature, double expected, double actual)
    {
        double tolerance = feature.Operator switch
        {
            "approx_unique" => 0.07,
            "quantile" when feature.Window is null => 0.01,
            // The loops round at every step where the store adds exactly.
            "sum" or "mean" or "ratio" or "rate" or "decayed_sum" or "decayed_count" => 1e-11,
            "variance" or "stddev" => 1e-9,
            _ => 0,
        };
        // Two of a handful of texts may share a register.
        double floor = feature.Operator switch
        {
            "quantile" => 0,
            "approx_unique" => 20,
            _ => 1,
        };
        return expected.Equals(actual)
            || Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), floor);
    }

    private static double Plain(AggregateSpec feature, IEnumerable<Row> rows, long moment)
    {
        long start = (feature.Window ?? feature.HalfLife * 32) is { } window ? StartOf(moment, window) : long.MinValue;
        Row[] seen =
        [
            .. rows.Where(row => row.Time >= start && row.Time < moment && row.Known <= moment)
                .OrderBy(row => row.Time).ThenBy(row => row.Known),
        ];
        double[] values = [.. seen.Select(row => row.Value).Where(value => !double.IsNaN(value))];
        double[] likes = [.. seen.Where(row => row.Liked is not null).Select(row => row.Liked == true ? 1.0 : 0)];
        double mean = values.Length == 0 ? double.NaN : values.Average();
        double variance = values.Length == 0 ? double.NaN : values.Average(value => (value - mean) * (value - mean));
        double half = feature.HalfLife?.TotalMicroseconds ?? double.NaN;
        return seen.Length == 0 ? double.NaN : feature.Operator switch
        {
            "count" => seen.Length,
            "sum" => values.Length == 0 ? double.NaN : values.Sum(),
            "mean" => mean,
            "variance" => variance,
            "stddev" => Math.Sqrt(variance),
            "rate" => (likes.Sum() + 1.2) / (likes.Length + 4),
            "ratio" => (values.Sum() + 1.2) / (seen.Sum(row => row.Other) + 4),
            "first" => seen[0].Value,
            "last" => seen[^1].Value,
            "age" => (moment - seen[^1].Time) / 1e6,
            "decayed_count" => seen.Sum(row => Math.Pow(0.5, (moment - row.Time) / half)),
            "decayed_sum" => values.Length == 0 ? double.NaN : seen.Where(row => !double.IsNaN(row.Value))
                .Sum(row => row.Value * Math.Pow(0.5, (moment - row.Time) / half)),
            "min" => values.Length == 0 ? double.NaN : values.Min(),
            "max" => values.Length == 0 ? double.NaN : values.Max(),
            "quantile" => values.Length == 0
                ? double.NaN
                : values.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(0.8 * values.Length) - 1)),
            _ => seen.Select(row => row.Word).OfType<string>().Distinct(StringComparer.Ordinal).Count() is var count and > 0
                ? count
                : double.NaN,
        };
    }

    /// <summary>Moments count from a midnight, so hops need no calendar.</summary>
    private static long StartOf(long moment, TimeSpan window)
    {
        long hop = (window >= TimeSpan.FromDays(12) ? 24 * 60 : window >= TimeSpan.FromHours(12) ? 60 : 5) * Minute;
        return (long)Math.Floor((moment - window.TotalMicroseconds) / hop) * hop;
    }

    private sealed record Row(
        string Id, string User, long Time, long Known, double Value, int Other, bool? Liked, string? Word)
    {
        public EventRecord Record()
        {
            var data = new StringBuilder();
            data.Append(CultureInfo.InvariantCulture, $$"""{"other":{{Other}}""");
            data.Append(double.IsNaN(Value) ? "" : string.Create(CultureInfo.InvariantCulture, $",\"value\":{Value:R}"));
            data.Append(Liked is null ? "" : Liked.Value ? ",\"liked\":true" : ",\"liked\":false");
            data.Append(Word is null ? "" : $",\"word\":\"{Word}\"").Append('}');
            return new EventRecord
            {
                Id = Id,
                Type = "act",
                Entities = [new("user", User)],
                EventTime = Start.AddTicks(Time * TimeSpan.TicksPerMicrosecond),
                KnownTime = Start.AddTicks(Known * TimeSpan.TicksPerMicrosecond),
                Data = Encoding.UTF8.GetBytes(data.ToString()),
            };
        }
    }
}
