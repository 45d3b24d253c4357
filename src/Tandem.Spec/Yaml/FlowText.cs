using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Grammar;

namespace Tandem.Spec.Yaml;

/// <summary>Writes a value on one line, quoted only where it must be.</summary>
internal static class FlowText
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">Text, number, flag, list, mapping or null.</param>
    /// <param name="isFlow">True within brackets, where commas and colons need quotes.</param>
    public static string Write(JsonNode? value, bool isFlow = false) => value switch
    {
        null => "null",
        JsonArray list => "[" + string.Join(", ", list.Select(static item => Write(item, isFlow: true))) + "]",
        JsonObject map =>
            "{" + string.Join(", ", map.Select(static pair => Entry(pair.Key, pair.Value, isFlow: true))) + "}",
        _ => value.GetValueKind() == JsonValueKind.String
            ? Quote(value.GetValue<string>(), isFlow)
            : value.ToJsonString(),
    };

    /// <summary>Writes a key and its value.</summary>
    public static string Entry(string key, JsonNode? value, bool isFlow = false) =>
        Quote(key, isFlow) + ": " + Write(value, isFlow);

    private static string Quote(string text, bool isFlow)
    {
        if (IsPlain(text, isFlow))
        {
            return text;
        }

        if (text.EnumerateRunes().Any(MustEscape))
        {
            return Escape(text);
        }

        bool isSingle = text.Contains('"', StringComparison.Ordinal) || text.Contains('\\', StringComparison.Ordinal);
        return isSingle ? "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'" : "\"" + text + "\"";
    }

    /// <summary>A cautious answer: some texts are quoted that need not be.</summary>
    private static bool IsPlain(string text, bool isFlow)
    {
        if (NumberShape.TryParse(text, out _))
        {
            return !text.StartsWith('+');
        }

        bool isStart = text.Length > 0 && (char.IsAsciiLetterOrDigit(text[0]) || text[0] is '_' or '.' or '/');
        if (!isStart || text.StartsWith("...", StringComparison.Ordinal) || text[^1] is ' ' or ':'
            || text.Equals("null", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        for (int i = 1; i < text.Length; i++)
        {
            bool isInner = char.IsAsciiLetterOrDigit(text[i])
                || text[i] is ' ' or '_' or '.' or '/' or '@' or '-' or '+' or '<' or '>' or '=' or '%'
                || (!isFlow && (text[i] is ',' or '(' or ')' or ';' || (text[i] == ':' && text[i + 1] != ' ')));
            if (!isInner)
            {
                return false;
            }
        }

        return true;
    }

    private static bool MustEscape(Rune rune) =>
        rune.Value is < 0x20 or (>= 0x7F and < 0xA0) or 0x2028 or 0x2029 or 0xFEFF or 0xFFFD or 0xFFFE or 0xFFFF;

    private static string Escape(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
            {
                quoted.Append('\\').Append(rune);
            }
            else if (MustEscape(rune))
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            }
            else
            {
                quoted.Append(rune);
            }
        }

        return quoted.Append('"').ToString();
    }
}
