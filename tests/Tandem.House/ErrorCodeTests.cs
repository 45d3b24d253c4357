using System.Text.RegularExpressions;

namespace Tandem.House;

/// <summary>Every error code is declared once, in its room's own file, and explained in <c>docs/errors.md</c>.</summary>
public sealed partial class ErrorCodeTests
{
    private static readonly string[] Page = HouseFiles.Read("docs/errors.md").ReplaceLineEndings("\n").Split('\n');

    private static readonly (string Code, string Place)[] Literals =
    [
        .. HouseFiles.Sources.SelectMany(file => file.Text.Literals
            .Where(literal => Code().IsMatch(literal.Text))
            .Select(literal => (literal.Text, $"{file.Path}:{literal.Line}"))),
    ];

    private static readonly (string Code, int Line)[] Documented =
    [
        .. Page.Select((line, index) => (Match: Row().Match(line), Line: index + 1))
            .Where(row => row.Match.Success)
            .Select(row => (row.Match.Groups["code"].Value, row.Line)),
    ];

    [Fact]
    public void Codes_LieInTheErrorsFileOfTheirRoom() =>
        HouseFiles.AssertNone(
            Literals.Where(literal => !IsAtHome(literal)).Select(literal => $"{literal.Place}: {literal.Code}"),
            "Declare a code in the …Errors.cs of the room whose prefix it carries (docs/errors.md lists prefixes):");

    [Fact]
    public void Codes_AreDeclaredInOneFile() =>
        HouseFiles.AssertNone(
            Literals.GroupBy(literal => literal.Code, StringComparer.Ordinal)
                .Where(group => group.Select(literal => literal.Place.Split(':')[0]).Distinct(StringComparer.Ordinal).Count() > 1)
                .Select(group => $"{group.Key}: {string.Join(", ", group.Select(literal => literal.Place))}"),
            "One code, one meaning, one place:");

    [Fact]
    public void Codes_AreDocumented() =>
        HouseFiles.AssertNone(
            Literals.Where(literal => Documented.All(row => row.Code != literal.Code))
                .Select(literal => $"{literal.Place}: {literal.Code}"),
            "Explain these codes in docs/errors.md:");

    [Fact]
    public void DocumentedCodes_Exist() =>
        HouseFiles.AssertNone(
            Documented.Where(row => Literals.All(literal => literal.Code != row.Code))
                .Select(row => $"docs/errors.md:{row.Line}: {row.Code}"),
            "No source declares these codes:");

    [Fact]
    public void DocumentedCodes_AreUniqueAndUnderTheirRoom()
    {
        List<string> faults = [];
        string prefix = "";
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int index = 0; index < Page.Length; index++)
        {
            Match heading = Heading().Match(Page[index]);
            Match row = Row().Match(Page[index]);
            prefix = heading.Success ? heading.Groups["prefix"].Value : prefix;
            string code = row.Groups["code"].Value;
            if (row.Success && (!code.StartsWith(prefix, StringComparison.Ordinal) || !seen.Add(code)))
            {
                faults.Add($"docs/errors.md:{index + 1}: {code}");
            }
        }

        HouseFiles.AssertNone(faults, "List each code once, under the room whose prefix it carries:");
    }

    [Fact]
    public void DocumentedCodes_SayMeaningAndRemedy() =>
        HouseFiles.AssertNone(
            Page.Select((line, index) => (Cells: line.Trim().Trim('|').Split('|'), Line: index + 1, Text: line))
                .Where(row => Row().IsMatch(row.Text)
                    && (row.Cells.Length < 3 || row.Cells.Skip(1).Any(cell => cell.Trim().Length < 4)))
                .Select(row => $"docs/errors.md:{row.Line}: {row.Text}"),
            "Say what the code means and what to do:");

    [Fact]
    public void MentionedCodes_InComments_Exist()
    {
        HashSet<string> prefixes =
            [.. Page.Select(line => Heading().Match(line)).Where(match => match.Success)
                .Select(match => match.Groups["prefix"].Value)];
        HashSet<string> declared = [.. Literals.Select(literal => literal.Code)];

        HouseFiles.AssertNone(
            from file in HouseFiles.Sources
            where file.Room != "Faults"
            from comment in file.Text.Comments
            from Match match in Mention().Matches(comment.Text)
            where prefixes.Contains(match.Value[..3]) && !declared.Contains(match.Value)
            select $"{file.Path}:{comment.Line}: {match.Value}",
            "Comments name codes that no source declares:");
    }

    private static bool IsAtHome((string Code, string Place) literal)
    {
        string[] parts = literal.Place.Split(':')[0].Split('/');
        string room = parts[1]["Tandem.".Length..];
        string heading = Page.FirstOrDefault(line => Heading().Match(line) is { Success: true } match
            && match.Groups["prefix"].Value == literal.Code[..3]) ?? "";
        string name = Heading().Match(heading).Groups["room"].Value;
        return parts[^1].EndsWith("Errors.cs", StringComparison.Ordinal) && (name == "Command line" ? "Cli" : name) == room;
    }

    [GeneratedRegex("^[A-Z]{3}[0-9]{3}$", RegexOptions.None, 2000)]
    private static partial Regex Code();

    [GeneratedRegex(@"\b[A-Z]{3}[0-9]{3}\b", RegexOptions.None, 2000)]
    private static partial Regex Mention();

    [GeneratedRegex(@"^## (?<room>[\w ]+) \((?<prefix>[A-Z]{3})\)$", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\| *`?(?<code>[A-Z]{3}[0-9]{3})`? *\|", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Row();
}
