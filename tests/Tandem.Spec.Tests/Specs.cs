using Tandem.Testing;

namespace Tandem.Spec.Tests;

/// <summary>Texts that several tests read.</summary>
internal static class Specs
{
    /// <summary>A valid file that uses every section.</summary>
    public static string Video { get; } = SpecTemplates.Write("home-feed", "video");

    public static string Ads { get; } = SpecTemplates.Write("ad-click", "ads");

    public static string Blank { get; } = SpecTemplates.Write("my-feed", "blank");

    public static IReadOnlyList<string> ExampleFiles { get; } =
        [.. Directory.GetFiles(Path.Combine(SharedData.Root, "examples"), "*.yaml").Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> ValidTexts { get; } =
        [Video, Ads, Blank, .. ExampleFiles.Select(File.ReadAllText)];

    public static SpecFile Parse(string text) => SpecFile.Parse(text, "tandem.yaml", TestVocabulary.Words);

    /// <summary>Reads a text that must be valid.</summary>
    public static SystemSpec Read(string text)
    {
        SpecFile file = Parse(text);
        Assert.Empty(file.Faults);
        return file.Spec!;
    }
}
