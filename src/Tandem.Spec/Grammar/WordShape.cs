using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>One of a closed set of words.</summary>
internal sealed class WordShape(params IReadOnlyList<string> words) : Shape<string>
{
    public override string Expected => "one of: " + string.Join(", ", words);

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out string value)
    {
        value = null;
        if (!TryReadScalar(node, reading, out ScalarNode? scalar))
        {
            return false;
        }

        if (!words.Contains(scalar.Text, StringComparer.Ordinal))
        {
            reading.Report(node, SpecErrors.NotAWord(ScalarNode.Quote(scalar.Text), reading.Path, words));
            return false;
        }

        value = scalar.Text;
        return true;
    }

    public override void Write(string value, Utf8JsonWriter json) => json.WriteStringValue(value);

    public override JsonObject Describe(SchemaWriter schema) => new() { ["enum"] = SchemaWriter.Words(words) };
}
