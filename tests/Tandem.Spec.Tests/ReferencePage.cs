using System.Text;
using System.Text.Json.Nodes;
using Tandem.Spec.Grammar;
using Tandem.Spec.Sections;

namespace Tandem.Spec.Tests;

/// <summary>Writes docs/formats/tandem-yaml.md from the declarations that the parser reads by.</summary>
internal static class ReferencePage
{
    public static string Write(string introduction)
    {
        StringBuilder page = new(introduction);
        WriteSection("", SystemSection.Shape, page);
        return page.ToString();
    }

    private static void WriteSection(string path, Shape shape, StringBuilder page)
    {
        page.Append("\n## ").Append(path.Length == 0 ? "Top of the file" : $"`{path}`").Append("\n\n");
        page.Append("| key | takes | default | meaning |\n|---|---|---|---|\n");
        foreach (Key key in shape.Keys)
        {
            string takes = key.Shape.Keys.Count > 0 ? $"{key.Shape.Expected}; see below" : key.Shape.Expected;
            page.Append($"| `{key.Name}` | {Cell(takes)} | {Default(key)} | {Cell(key.Meaning)} |\n");
        }

        foreach (Key key in shape.Keys.Where(static key => key.Shape.Keys.Count > 0))
        {
            string name = path.Length == 0 ? key.Name : $"{path}.{key.Name}";
            WriteSection(name + key.Shape.Step, key.Shape, page);
        }
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Default(Key key) =>
        key.IsRequired ? "**required**"
        : key.Default is not { } text || text == "\"\"" ? "–"
        : $"`{Yaml.FlowText.Write(JsonNode.Parse(text))}`";
}
