using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>True or false, and no other spelling.</summary>
internal sealed class FlagShape : Shape<bool>
{
    public override string Expected => "true or false";

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out bool value)
    {
        value = false;
        if (!TryReadPlain(node, reading, out ScalarNode? scalar))
        {
            return false;
        }

        bool isFlag = scalar.Text is "true" or "false";
        if (!isFlag)
        {
            reading.Report(node, SpecErrors.WrongType(node.Said, reading.Path, Expected));
        }

        value = scalar.Text == "true";
        return isFlag;
    }

    public override void Write(bool value, Utf8JsonWriter json) => json.WriteBooleanValue(value);

    public override JsonObject Describe(SchemaWriter schema) => new() { ["type"] = "boolean" };
}
