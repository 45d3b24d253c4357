using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>A text, with or without quotes.</summary>
/// <param name="expected">What it is in a message.</param>
/// <param name="remedy">What to do where it is not.</param>
/// <param name="pattern">What it must look like, or null for any text.</param>
internal sealed partial class TextShape(string expected, string remedy = "", Regex? pattern = null) : Shape<string>
{
    private const int Longest = 2000;

    public override string Expected => expected;

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out string value)
    {
        value = null;
        if (!TryReadScalar(node, reading, out ScalarNode? scalar))
        {
            return false;
        }

        if (scalar.Text.Length > Longest)
        {
            reading.Report(
                node, SpecErrors.OutOfRange(
                    $"a text of {scalar.Text.Length} characters", reading.Path, $"at most {Longest}"));
            return false;
        }

        if (pattern is not null && (!pattern.IsMatch(scalar.Text) || scalar.Text.EndsWith('\n')))
        {
            reading.Report(node, SpecErrors.Malformed(WithoutUser(node.Said), reading.Path, expected, remedy));
            return false;
        }

        value = scalar.Text;
        return true;
    }

    // An address with a slip in it may still carry a password.
    private static string WithoutUser(string said) => UserOfAddress().Replace(said, "://…@");

    [GeneratedRegex(@"://[^/\s]*@", RegexOptions.None, 1000)]
    private static partial Regex UserOfAddress();

    public override void Write(string value, Utf8JsonWriter json) => json.WriteStringValue(value);

    public override JsonObject Describe(SchemaWriter schema)
    {
        JsonObject text = new() { ["type"] = "string" };
        if (pattern is null)
        {
            text["maxLength"] = Longest;
        }
        else
        {
            text["pattern"] = pattern.ToString();
        }

        return text;
    }
}
