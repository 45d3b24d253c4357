using System.Text.RegularExpressions;

namespace Tandem.House;

public sealed partial class NameTests
{
    private static readonly string[] Vague = ["Manager", "Helper", "Helpers", "Util", "Utils", "Service", "Processor", "Info"];

    [Fact]
    public void Types_WithVagueNames_AreAbsent() =>
        HouseFiles.AssertNone(
            Declarations().Where(type => Vague.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal)))
                .Select(type => $"{type.Place}: {type.Name}"),
            "Name what the thing is, in the domain's words:");

    [Fact]
    public void Types_NamedLikeTheirNamespace_AreAbsent() =>
        HouseFiles.AssertNone(
            Declarations().Where(type => type.Name == type.Namespace.Split('.')[^1])
                .Select(type => $"{type.Place}: {type.Namespace}.{type.Name}"),
            "A type never repeats its namespace's last word:");

    private static IEnumerable<(string Name, string Namespace, string Place)> Declarations()
    {
        foreach (SourceFile file in HouseFiles.Sources)
        {
            string within = "";
            for (int index = 0; index < file.Text.CodeLines.Length; index++)
            {
                string line = file.Text.CodeLines[index];
                Match space = Space().Match(line);
                within = space.Success ? space.Groups["name"].Value : within;
                foreach (Match type in Declaration().Matches(line))
                {
                    yield return (type.Groups["name"].Value, within, $"{file.Path}:{index + 1}");
                }
            }
        }
    }

    [GeneratedRegex(@"^\s*namespace (?<name>[\w.]+)", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Space();

    [GeneratedRegex(
        @"^\s*(\w+\s+)*(class|struct|interface|enum|record(\s+(class|struct))?)\s+(?<name>[A-Z]\w*)",
        RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Declaration();
}
