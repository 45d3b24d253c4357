using System.Text.RegularExpressions;

namespace Tandem.House;

/// <summary>A rule may be switched off, on the smallest scope, with the reason beside it.</summary>
public sealed partial class SuppressionTests
{
    [Fact]
    public void Pragmas_GiveAReason() =>
        HouseFiles.AssertNone(
            from file in HouseFiles.Sources.Concat(HouseFiles.Tests)
            from line in file.Text.CodeLines.Select((text, index) => (Text: text, Number: index + 1))
            where line.Text.TrimStart().StartsWith("#pragma warning disable", StringComparison.Ordinal)
            where !HasReason(file, line.Number)
            select $"{file.Path}:{line.Number}: {line.Text.Trim()}",
            "Write the reason as a comment on the pragma's line or on the line above:");

    [Fact]
    public void Attributes_GiveAReason() =>
        HouseFiles.AssertNone(
            from file in HouseFiles.Sources.Concat(HouseFiles.Tests)
            from match in Suppression().Matches(string.Join('\n', file.Text.CodeLines))
            where !match.Value.Contains("Justification", StringComparison.Ordinal)
            select $"{file.Path}:{LineOf(file, match.Index)}: {match.Value.ReplaceLineEndings(" ")}",
            "Give SuppressMessage a Justification:");

    private static bool HasReason(SourceFile file, int line) =>
        file.Text.Comments.Any(comment => comment.Line >= line - 1 && comment.Line <= line
            && comment.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length >= 4);

    private static int LineOf(SourceFile file, int index) =>
        string.Join('\n', file.Text.CodeLines)[..index].Count(c => c == '\n') + 1;

    [GeneratedRegex(@"\b(Unconditional)?SuppressMessage\s*\([^)]*\)", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Suppression();
}
