using System.Text.RegularExpressions;
using Tandem.Testing;

namespace Tandem.Spec.Tests;

public sealed partial class DocumentationTests
{
    private const string Page = "docs/formats/tandem-yaml.md";
    private const string EndOfIntroduction = "<!-- What follows is written from the code: run the tests with TANDEM_ACCEPT=1. -->\n";

    [Fact]
    public void ReferencePage_FollowsTheDeclarations()
    {
        string text = File.ReadAllText(Path.Combine(SharedData.Root, Page));
        int end = text.IndexOf(EndOfIntroduction, StringComparison.Ordinal) + EndOfIntroduction.Length;

        Golden.Check(Page, ReferencePage.Write(text[..end]));
    }

    [Fact]
    public void ReferencePage_Examples_AreValid()
    {
        string text = File.ReadAllText(Path.Combine(SharedData.Root, Page));

        string[] examples = [.. YamlBlock().Matches(text).Select(static match => match.Groups["text"].Value)];

        Assert.NotEmpty(examples);
        Assert.All(examples, static example => Specs.Read(example));
    }

    [Fact]
    public void ErrorPage_ListsEveryCode()
    {
        string errors = string.Concat(
            Directory.GetFiles(Path.Combine(SharedData.Root, "src/Tandem.Spec"), "*Errors*.cs", SearchOption.AllDirectories)
                .Select(File.ReadAllText));
        string page = File.ReadAllText(Path.Combine(SharedData.Root, "docs/errors.md"));

        string[] thrown = [.. Code().Matches(errors).Select(static match => match.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        string[] listed = [.. Row().Matches(page).Select(static match => match.Groups["code"].Value).Order(StringComparer.Ordinal)];

        Assert.Equal(thrown, listed, StringComparer.Ordinal);
    }

    [GeneratedRegex("```yaml\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex YamlBlock();

    [GeneratedRegex("SPC[0-9]{3}", RegexOptions.None, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| (?<code>SPC[0-9]{3}) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}
