using System.Text.RegularExpressions;
using Tandem.Testing;

namespace Tandem.House;

/// <summary>The documents hold together: links lead somewhere, and the index names every page.</summary>
public sealed partial class PageTests
{
    [Fact]
    public void Links_LeadToFilesThatExist() =>
        HouseFiles.AssertNone(
            from page in HouseFiles.Pages
            from line in HouseFiles.Read(page).Split('\n').Select((text, index) => (Text: text, Number: index + 1))
            from Match link in Link().Matches(line.Text)
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(SharedData.Root, Path.GetDirectoryName(page)!, target))
            select $"{page}:{line.Number}: {target}",
            "These links lead nowhere:");

    [Fact]
    public void Index_NamesEveryPage()
    {
        string index = HouseFiles.Read("docs/README.md");

        HouseFiles.AssertNone(
            HouseFiles.Pages.Where(page => page.StartsWith("docs/", StringComparison.Ordinal) && page != "docs/README.md")
                .Where(page => !index.Contains($"({page["docs/".Length..]})", StringComparison.Ordinal)),
            "Link these pages from docs/README.md:");
    }

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Link();
}
