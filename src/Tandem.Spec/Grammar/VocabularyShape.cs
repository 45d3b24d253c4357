using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Faults;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>A word that running code gives: a model kind, a feature operator.</summary>
/// <param name="expected">What it is in a message.</param>
/// <param name="words">The words.</param>
/// <param name="unknown">The fault for any other.</param>
internal sealed class VocabularyShape(
    string expected, Func<SpecVocabulary, IReadOnlyList<string>> words,
    Func<string, IReadOnlyList<string>, Fault> unknown)
    : Shape<string>
{
    public override string Expected => expected;

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out string value)
    {
        value = null;
        if (!TryReadScalar(node, reading, out ScalarNode? scalar))
        {
            return false;
        }

        IReadOnlyList<string> known = words(reading.Vocabulary);
        if (!known.Contains(scalar.Text, StringComparer.Ordinal))
        {
            reading.Report(node, unknown(ScalarNode.Quote(scalar.Text), known));
            return false;
        }

        value = scalar.Text;
        return true;
    }

    public override void Write(string value, Utf8JsonWriter json) => json.WriteStringValue(value);

    public override JsonObject Describe(SchemaWriter schema) =>
        new() { ["enum"] = SchemaWriter.Words(words(schema.Vocabulary)) };
}
