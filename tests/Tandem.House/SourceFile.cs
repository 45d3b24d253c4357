using System.Text.RegularExpressions;

namespace Tandem.House;

/// <summary>One C# file of the house.</summary>
/// <param name="Path">Path from the root, <c>/</c>-separated.</param>
/// <param name="Text">Its text, taken apart.</param>
internal sealed record SourceFile(string Path, SourceText Text)
{
    /// <summary>Name of the room it lies in: <c>Lake</c> for <c>src/Tandem.Lake/…</c>.</summary>
    public string Room => Path.Split('/')[1]["Tandem.".Length..];

    /// <summary>Places where code, outside comments and literals, matches.</summary>
    public IEnumerable<string> CodeMatches(Regex pattern) =>
        Text.CodeLines.SelectMany((line, index) =>
            pattern.Matches(line).Select(match => $"{Path}:{index + 1}: {match.Value}"));

    /// <summary>Places where a literal matches.</summary>
    public IEnumerable<string> LiteralMatches(Regex pattern) =>
        Text.Literals.Where(literal => pattern.IsMatch(literal.Text))
            .Select(literal => $"{Path}:{literal.Line}: \"{Shorten(literal.Text)}\"");

    private static string Shorten(string text) =>
        text.Length <= 60 ? text.ReplaceLineEndings(" ") : text[..60].ReplaceLineEndings(" ") + "…";
}
