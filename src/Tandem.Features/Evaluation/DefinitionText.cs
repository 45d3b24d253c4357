using System.Globalization;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>Says what a view means, key by key, as tandem.yaml has it: everything that its version is a hash of, and nothing
/// else.</summary>
internal static class DefinitionText
{
    /// <summary>The keys with their values, sorted; keys of a feature stand behind its name and a dot.</summary>
    public static SortedDictionary<string, string> Of(FeatureView view)
    {
        if (view.IsComputed)
        {
            return OfComputed(view);
        }

        SortedDictionary<string, string> keys = new(StringComparer.Ordinal)
        {
            ["entity"] = view.Pair is null ? view.Entity : view.Key!.Key,
            ["source"] = view.Source,
            ["source.kind"] = view.IsTable ? "table" : "event",
            ["source.times"] = view.SourceSpec.HasTimes ? "true" : "false",
        };
        Add(keys, "ttl", view.TimeToLive is { } ttl ? DurationText.Write(ttl) : null);
        Add(keys, "where", view.Where.Count == 0
            ? null
            : string.Join(" and ", view.Where.Select(c => Said(view, c)).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)));
        foreach (FeatureDefinition feature in view.Features)
        {
            AddFeature(keys, view, feature);
        }

        return keys;
    }

    // What is read may mean something else under the same name: its hash stands beside it.
    private static SortedDictionary<string, string> OfComputed(FeatureView view)
    {
        SortedDictionary<string, string> keys = new(StringComparer.Ordinal);
        foreach (FeatureDefinition feature in view.Features)
        {
            keys[$"{feature.Name}.compute"] = feature.Computed!.Expression.ToString();
            foreach (ComputeInput input in feature.Computed.Inputs)
            {
                keys[$"{feature.Name}.reads {input.Name}"] = input.Hash;
            }
        }

        return keys;
    }

    private static void AddFeature(SortedDictionary<string, string> keys, FeatureView view, FeatureDefinition feature)
    {
        AggregateSpec spec = feature.Spec;
        string name = feature.Name;
        keys[$"{name}.operator"] = feature.Operator.Name;
        Add(keys, $"{name}.column", Column(view, spec.Column));
        Add(keys, $"{name}.window", spec.Window is { } window ? DurationText.Write(window) : null);
        foreach (string key in feature.Operator.Takes)
        {
            Add(keys, $"{name}.{key}", key switch
            {
                "k" => spec.K.ToString(CultureInfo.InvariantCulture),
                "per" => Column(view, spec.Per),
                "weight" => Column(view, spec.Weight),
                "quantile" => Number(spec.Quantile ?? FeaturePlan.Median),
                "half_life" => spec.HalfLife is { } halfLife ? DurationText.Write(halfLife) : null,
                "prior" => Number(spec.Prior),
                "strength" => Number(spec.Strength),
                _ => null,
            });
        }

        Add(keys, $"{name}.where", feature.Only is { } only ? Said(view, only) : null);
    }

    private static void Add(SortedDictionary<string, string> keys, string key, string? value)
    {
        if (value is not null)
        {
            keys[key] = value;
        }
    }

    private static string Said(FeatureView view, ConditionSpec condition) => string.Create(
        CultureInfo.InvariantCulture, $"{Column(view, condition.Column)} {condition.Operator} {condition.Value}");

    // A computed column is what it computes, whatever its name.
    private static string? Column(FeatureView view, string? name) =>
        name is null ? null
        : view.Find(name) is { } column ? $"{column.Expression?.ToString() ?? column.Name} ({Word(column.Type)})"
        : name;

    private static string Word(ColumnType type) => type switch
    {
        ColumnType.NumberList => "number list",
        ColumnType.TextList => "text list",
        _ => type.ToString().ToLowerInvariant(),
    };

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
