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
            case "last_k":
                return FeatureValue.Of([.. seen.TakeLast(feature.K).Select(e => Text(e, feature.Column)).OfType<string>()]);
            default:
                return Text(seen[^1], feature.Column) is not string text ? FeatureValue.Of(Number(seen[^1], feature.Column))
                    : feature.Column == "started"
                        ? FeatureValue.Of(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() / 1e3 + 0.000456)
                        : FeatureValue.Of(text);
        }
    }

    private static IEnumerable<EventRecord> Visible(
        IReadOnlyList<EventRecord> log, FeatureViewSpec view, SourceSpec source, AggregateSpec feature, string id,
        DateTimeOffset asOf)
    {
        DateTimeOffset start = feature.Window is TimeSpan window ? WindowStart(asOf, window) : DateTimeOffset.MinValue;
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
