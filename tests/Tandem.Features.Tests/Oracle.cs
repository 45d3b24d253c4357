using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Tandem.Events;
using Tandem.Spec;

namespace Tandem.Features.Tests;

/// <summary>The meaning of features in plain loops over all events; shares no code with the evaluation.</summary>
internal static class Oracle
{
    public static FeatureValue Value(
        IReadOnlyList<EventRecord> log, SystemSpec spec, string view, AggregateSpec feature, string id,
        DateTimeOffset asOf)
    {
        FeatureViewSpec definition = spec.Features[view];
        SourceSpec source = spec.Sources[definition.Source];
        List<EventRecord> seen = [.. Visible(log, definition, source, feature, id, asOf)];
        return ValueOf(seen, definition, source, feature, asOf);
    }

    /// <summary>The values of a feature, by name: one, or one for each value of <c>by</c>.</summary>
    public static IEnumerable<(string Name, FeatureValue Value)> Values(
        IReadOnlyList<EventRecord> log, SystemSpec spec, string view, AggregateSpec feature, string id,
        DateTimeOffset asOf) => feature.By is not { } by
            ? [(feature.Name, Value(log, spec, view, feature, id, asOf))]
            : feature.Values.Select(value => (
                $"{feature.Name}.{value}",
                Value([.. log.Where(e => Text(e, by) == value)], spec, view, feature, id, asOf)));

    /// <summary>Bit for bit, where the operator is exact; within 1 % for a quantile over all time; and within rounding
    /// where the oracle itself rounds at every step.</summary>
    public static bool AreEqual(AggregateSpec feature, FeatureValue expected, FeatureValue actual) =>
        expected.Kind == actual.Kind && expected.Text == actual.Text
        && expected.Ids.SequenceEqual(actual.Ids, StringComparer.Ordinal)
        && expected.Numbers.SequenceEqual(actual.Numbers) && expected.Ages.SequenceEqual(actual.Ages)
        && (BitConverter.DoubleToInt64Bits(expected.Number) == BitConverter.DoubleToInt64Bits(actual.Number)
            || Math.Abs(expected.Number - actual.Number) <= Tolerance(feature) * Math.Max(Math.Abs(expected.Number), 1e-6));

    private static double Tolerance(AggregateSpec feature) => feature.Operator switch
    {
        "quantile" when feature.Window is null => 0.01,
        "variance" or "stddev" => 1e-9,
        "decayed_count" or "decayed_sum" => 1e-12,
        _ => 0,
    };

    private static FeatureValue ValueOf(
        List<EventRecord> seen, FeatureViewSpec definition, SourceSpec source, AggregateSpec feature,
        DateTimeOffset asOf)
    {
        if (seen.Count == 0 || (source.HasTimes && seen[^1].EventTime < asOf - definition.TimeToLive))
        {
            return FeatureValue.Null;
        }

        switch (feature.Operator)
        {
            case "count":
                return FeatureValue.Of(seen.Count);
            case "sum" or "mean":
                double[] numbers = [.. seen.Select(e => Number(e, feature.Column)).Where(n => !double.IsNaN(n))];
                double sum = ExactSum(numbers);
                return numbers.Length == 0 ? FeatureValue.Null
                    : FeatureValue.Of(feature.Operator == "sum" ? sum : sum / numbers.Length);
            case "min" or "max" or "top_k" or "bottom_k" or "quantile":
                return Ranked(feature, [.. seen.Select(e => Number(e, feature.Column)).Where(n => !double.IsNaN(n)).Order()]);
            case "variance" or "stddev":
                double[] values = [.. seen.Select(e => Number(e, feature.Column)).Where(n => !double.IsNaN(n))];
                double centre = values.Length == 0 ? double.NaN : values.Average();
                double variance = values.Length == 0 ? double.NaN : values.Sum(n => (n - centre) * (n - centre)) / values.Length;
                return FeatureValue.Of(feature.Operator == "variance" ? variance : Math.Sqrt(variance));
            case "rate" or "ratio":
                double[] above = [.. seen.Select(e => Number(e, feature.Column)).Where(n => !double.IsNaN(n))];
                double below = feature.Operator == "rate"
                    ? above.Length
                    : ExactSum([.. seen.Select(e => Number(e, feature.Per)).Where(n => !double.IsNaN(n))]);
                return below + feature.Strength == 0
                    ? FeatureValue.Null
                    : FeatureValue.Of((ExactSum(above) + (feature.Prior * feature.Strength)) / (below + feature.Strength));
            case "age":
                return FeatureValue.Of((asOf - seen[^1].EventTime!.Value).Ticks / 10 / 1e6);
            case "decayed_count" or "decayed_sum":
                double? decayed = null;
                foreach (EventRecord e in seen)
                {
                    double value = feature.Column is null ? 1 : Number(e, feature.Column);
                    double halves = (asOf - e.EventTime!.Value) / feature.HalfLife!.Value;
                    decayed = double.IsNaN(value) ? decayed : (decayed ?? 0) + (value * Math.Pow(2, -halves));
                }

                return FeatureValue.Of(decayed ?? double.NaN);
            case "unique" or "approx_unique":
                // A handful of ids is far below where HyperLogLog errs.
                int different = seen.Select(e => Text(e, feature.Column)).OfType<string>().Distinct(StringComparer.Ordinal).Count();
                return different == 0 ? FeatureValue.Null : FeatureValue.Of(different);
            case "histogram":
                (string Text, int Count)[] counts = [.. seen.Select(e => Text(e, feature.Column)).OfType<string>()
                    .GroupBy(text => text, StringComparer.Ordinal).Select(g => (Text: g.Key, Count: g.Count()))
                    .OrderByDescending(each => each.Count).ThenBy(each => each.Text, StringComparer.Ordinal).Take(feature.K)];
                return FeatureValue.Of([.. counts.Select(c => c.Text)], [.. counts.Select(c => (double)c.Count)]);
            case "first":
                return Text(seen[0], feature.Column) is string first
                    ? FeatureValue.Of(first)
                    : FeatureValue.Of(Number(seen[0], feature.Column));
            case "last_k":
                return FeatureValue.Of([.. seen.TakeLast(feature.K).Select(e => Text(e, feature.Column)).OfType<string>()]);
            case "sequence":
                EventRecord[] steps = [.. seen.TakeLast(feature.K).Where(e => Text(e, feature.Column) is not null)];
                return FeatureValue.Of(
                    [.. steps.Select(e => Text(e, feature.Column)!)],
                    [.. steps.Select(e => (asOf - e.EventTime!.Value).Ticks / 10 / 1e6)],
                    feature.Weight is null ? [] : [.. steps.Select(e => Number(e, feature.Weight))]);
            default:
                return Text(seen[^1], feature.Column) is not string text ? FeatureValue.Of(Number(seen[^1], feature.Column))
                    : feature.Column == "started"
                        ? FeatureValue.Of(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() / 1e3 + 0.000456)
                        : FeatureValue.Of(text);
        }
    }

    private static FeatureValue Ranked(AggregateSpec feature, double[] sorted)
    {
        int rank = (int)Math.Ceiling((feature.Quantile ?? 0.5) * sorted.Length) - 1;
        return sorted.Length == 0 ? FeatureValue.Null : feature.Operator switch
        {
            "min" => FeatureValue.Of(sorted[0]),
            "max" => FeatureValue.Of(sorted[^1]),
            "quantile" => FeatureValue.Of(sorted[Math.Max(0, rank)]),
            "top_k" => FeatureValue.Of([.. sorted.Reverse().Take(feature.K)]),
            _ => FeatureValue.Of([.. sorted.Take(feature.K)]),
        };
    }

    private static IEnumerable<EventRecord> Visible(
        IReadOnlyList<EventRecord> log, FeatureViewSpec view, SourceSpec source, AggregateSpec feature, string id,
        DateTimeOffset asOf)
    {
        // What is older than 32 half-lives is not seen.
        DateTimeOffset start = (feature.Window ?? feature.HalfLife * 32) is TimeSpan window ? WindowStart(asOf, window) : DateTimeOffset.MinValue;
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var seen = new List<(EventRecord Record, int Position)>();
        for (int position = 0; position < log.Count; position++)
        {
            EventRecord record = log[position];
            bool isFirst = ids.Add(record.Id);
            bool happened = !source.HasTimes
                || (record.EventTime >= start
                    && (source.Kind == SourceKind.Table ? record.EventTime <= asOf : record.EventTime < asOf));
            if (isFirst && happened && record.Type == view.Source && record.KnownTime <= asOf
                && (view.Entity == "global" || record.Entities.Any(e => e.Entity == view.Entity && e.Id == id))
                && view.Where.All(c => Holds(record, c)))
            {
                seen.Add((record, position));
            }
        }

        return seen.OrderBy(s => s.Record.EventTime).ThenBy(s => s.Record.KnownTime).ThenBy(s => s.Position)
            .Select(s => s.Record);
    }

    private static DateTimeOffset WindowStart(DateTimeOffset asOf, TimeSpan window)
    {
        TimeSpan hop = window >= TimeSpan.FromDays(12) ? TimeSpan.FromDays(1)
            : window >= TimeSpan.FromHours(12) ? TimeSpan.FromHours(1)
            : TimeSpan.FromMinutes(5);
        long ticks = (asOf - window).UtcTicks;
        return new DateTimeOffset(ticks - (ticks % hop.Ticks), TimeSpan.Zero);
    }

    private static bool Holds(EventRecord record, ConditionSpec condition) => (condition.Column, condition.Operator) switch
    {
        ("seconds", ">=") => Number(record, "seconds") >= (double)condition.Value,
        ("device", "!=") => Text(record, "device") is string device && device != (string)condition.Value,
        ("item.genre", "!=") => Text(record, "item.genre") is string genre && genre != (string)condition.Value,
        (_, "==") when condition.Value is bool flag => Number(record, condition.Column) == (flag ? 1 : 0),
        _ => throw new NotSupportedException(),
    };

    private static double Number(EventRecord record, string? column) => Cell(record, column) switch
    {
        { ValueKind: JsonValueKind.Number } cell => cell.GetDouble(),
        { ValueKind: JsonValueKind.True } => 1,
        { ValueKind: JsonValueKind.False } => 0,
        _ => double.NaN,
    };

    private static string? Text(EventRecord record, string? column) =>
        record.Entities.FirstOrDefault(e => e.Entity == column).Id
        ?? (Cell(record, column) is { ValueKind: JsonValueKind.String } cell ? cell.GetString() : null);

    private static JsonElement? Cell(EventRecord record, string? column)
    {
        if (record.Data.IsEmpty || column is null)
        {
            return null;
        }

        using var data = JsonDocument.Parse(record.Data);
        return data.RootElement.TryGetProperty(column, out JsonElement cell) ? cell.Clone() : null;
    }

    /// <summary>Adds in whole numbers without limit and lets the parser round once: x·2⁶⁰ is whole, and n/2⁶⁰ is
    /// n·5⁶⁰·10⁻⁶⁰.</summary>
    private static double ExactSum(double[] numbers)
    {
        BigInteger total = BigInteger.Zero;
        foreach (double number in numbers)
        {
            total += new BigInteger(number * Math.Pow(2, 60));
        }

        return double.Parse($"{total * BigInteger.Pow(5, 60)}e-60", CultureInfo.InvariantCulture);
    }
}
