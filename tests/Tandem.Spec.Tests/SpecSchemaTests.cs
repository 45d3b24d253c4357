using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Tests;

public sealed class SpecSchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(SpecSchema.Write(TestVocabulary.Words))!.AsObject();

    [Fact]
    public void Write_IsTheReviewedSchema()
    {
        Golden.Check("tests/Tandem.Spec.Tests/Golden/schema.json", SpecSchema.Write(TestVocabulary.Words));
    }

    [Fact]
    public void Write_ModelKinds_ComeWithTheirParameters()
    {
        JsonObject ials = Schema["$defs"]!["model"]!["anyOf"]!.AsArray()
            .Single(static form => form!["title"]?.GetValue<string>() == "ials")!.AsObject();

        Assert.Equal(64, ials["properties"]!["factors"]!["default"]!.GetValue<double>());
        Assert.Equal(1024, ials["properties"]!["factors"]!["maximum"]!.GetValue<double>());
    }

    [Fact]
    public void Write_EveryValidText_FitsTheSchema()
    {
        Assert.All(Specs.ValidTexts, static text => Assert.Null(Misfit(Specs.Parse(text).Root!, Schema)));
    }

    [Theory]
    [InlineData("serving.slotz", "1")]
    [InlineData("serving.slots", "0")]
    [InlineData("serving.exclude_seen", "5")]
    [InlineData("training.split", "\"by-chance\"")]
    [InlineData("model.retrieve", "{\"kind\":\"ials\",\"factor\":3}")]
    [InlineData("monitoring.freshness", "\"soon\"")]
    [InlineData("evaluation.metrics", "[\"recal@20\"]")]
    [InlineData("sources.Play", "[\"user\"]")]
    public void Write_FaultyText_DoesNotFitTheSchema(string path, string value)
    {
        SpecFile file = Specs.Parse(Specs.Video).With(path, JsonNode.Parse(value));

        Assert.NotNull(Misfit(file.Root!, Schema));
    }

    /// <summary>A small validator for the words that the schema uses; null where a node fits, or what does not.</summary>
    private static string? Misfit(Node node, JsonObject schema)
    {
        if (schema["$ref"] is { } reference)
        {
            string name = reference.GetValue<string>()["#/$defs/".Length..];
            return Misfit(node, Schema["$defs"]![name]!.AsObject());
        }

        if (schema["anyOf"] is JsonArray forms)
        {
            string?[] misfits = [.. forms.Select(form => Misfit(node, form!.AsObject()))];
            return misfits.Contains(null) ? null : string.Join(" | ", misfits);
        }

        return node switch
        {
            ScalarNode scalar => MisfitScalar(scalar, schema),
            MapNode map => MisfitMap(map, schema),
            ListNode list when schema["items"] is { } items =>
                list.Items.Select(item => Misfit(item, items.AsObject())).FirstOrDefault(static misfit => misfit is not null),
            _ => $"{node.Start}: {node.Said}",
        };
    }

    private static string? MisfitScalar(ScalarNode scalar, JsonObject schema)
    {
        string types = schema["type"]?.ToJsonString() ?? "";
        bool isNumber = double.TryParse(scalar.Text, System.Globalization.CultureInfo.InvariantCulture, out double number);
        bool isFitting =
            schema["enum"] is JsonArray words ? words.Any(word => word!.GetValue<string>() == scalar.Text)
            : schema["const"] is { } word ? word.GetValue<string>() == scalar.Text
            : scalar.IsNull ? types.Contains("null", StringComparison.Ordinal)
            : scalar.Text is "true" or "false" ? types.Contains("boolean", StringComparison.Ordinal)
            : isNumber && (types.Contains("number", StringComparison.Ordinal) || types.Contains("integer", StringComparison.Ordinal))
                ? number >= (schema["minimum"]?.GetValue<double>() ?? double.MinValue) && number <= (schema["maximum"]?.GetValue<double>() ?? double.MaxValue)
            : types.Contains("string", StringComparison.Ordinal)
                && (schema["pattern"] is not { } pattern || Regex.IsMatch(scalar.Text, pattern.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(1)));
        return isFitting ? null : $"{scalar.Start}: {scalar.Said}";
    }

    private static string? MisfitMap(MapNode map, JsonObject schema)
    {
        foreach (string required in (schema["required"] as JsonArray ?? []).Select(static key => key!.GetValue<string>()))
        {
            if (map.Find(required) is null)
            {
                return $"{map.Start}: {required} is missing";
            }
        }

        foreach (MapEntry entry in map.Entries)
        {
            JsonNode? value = schema["properties"]?[entry.Key.Text] ?? schema["additionalProperties"];
            bool isName = schema["propertyNames"] is not JsonObject names || Misfit(entry.Key, names) is null;
            string? misfit = value is JsonObject shape && isName ? Misfit(entry.Value, shape) : $"{entry.Key.Start}: {entry.Key.Said}";
            if (misfit is not null)
            {
                return misfit;
            }
        }

        return null;
    }
}
