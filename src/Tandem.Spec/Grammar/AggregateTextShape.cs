using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>A feature in one line: <c>count over 7d</c>, <c>mean watch_fraction over 7d</c>,
/// <c>last_k item 50</c>.</summary>
internal sealed class AggregateTextShape : Shape<AggregateSpec>
{
    public const string Remedy =
        "Correct the line, or write it as a mapping with operator, column, k and window.";

    public override string Expected =>
        "a feature: operator, column, number to keep and window where they apply, such as 'mean watch_fraction over " +
        "7d' or 'last_k item 50'";

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out AggregateSpec value)
    {
        value = null;
        if (!TryReadScalar(node, reading, out ScalarNode? scalar))
        {
            return false;
        }

        value = Read(scalar.Text);
        if (value is null)
        {
            reading.Report(node, SpecErrors.Malformed(node.Said, reading.Path, Expected, Remedy));
        }

        return value is not null;
    }

    /// <summary>Reads a feature from its line; null where it is none.</summary>
    public static AggregateSpec? Read(string text)
    {
        List<string> words = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var value = new AggregateSpec { Name = "", Operator = words.Count > 0 ? words[0] : "" };
        int rest = 1;
        if (rest < words.Count && words[rest] != "over" && !char.IsAsciiDigit(words[rest][0]))
        {
            value = value with { Column = words[rest++] };
        }

        if (rest < words.Count && int.TryParse(words[rest], NumberStyles.None, CultureInfo.InvariantCulture, out int k))
        {
            value = value with { K = k };
            rest++;
        }

        if (rest + 1 < words.Count && words[rest] == "over"
            && DurationText.TryRead(words[rest + 1], out TimeSpan window))
        {
            value = value with { Window = window };
            rest += 2;
        }

        return rest == words.Count ? value : null;
    }

    public override void Write(AggregateSpec value, Utf8JsonWriter json) =>
        throw new NotSupportedException("The canonical form of a feature is the mapping.");

    public override JsonObject Describe(SchemaWriter schema) => new()
    {
        ["type"] = "string",
        ["pattern"] = $"^({string.Join('|', schema.Vocabulary.Operators.Select(static each => each.Name))})( |$)",
    };
}
