using System.Xml.Linq;
using Tandem.Testing;

namespace Tandem.House;

/// <summary>What lies on disk: source files, project files, pages.</summary>
internal static class HouseFiles
{
    private static readonly string[] Generated = ["obj", "bin", "node_modules", "artifacts", "dist"];

    /// <summary>Every C# file below <c>src</c>.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } = [.. FindSources("src")];

    /// <summary>Every C# file below <c>tests</c>.</summary>
    public static IReadOnlyList<SourceFile> Tests { get; } = [.. FindSources("tests")];

    /// <summary>Every page: Markdown at the root and below <c>docs</c>, <c>native</c> and <c>studio</c>.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Directory.EnumerateFiles(SharedData.Root, "*.md").Select(Relative),
        .. new[] { "docs", "native", "studio" }.SelectMany(folder => Find(folder, "*.md")),
    ];

    /// <summary>Files of a folder, as paths from the root in ordinal order; none where the folder is absent.</summary>
    public static IEnumerable<string> Find(string folder, string pattern)
    {
        string full = Path.Combine(SharedData.Root, folder);
        return !Directory.Exists(full)
            ? []
            : Directory.EnumerateFiles(full, pattern, SearchOption.AllDirectories)
                .Select(Relative)
                .Where(path => !path.Split('/').Any(part => Generated.Contains(part, StringComparer.Ordinal)))
                .Order(StringComparer.Ordinal);
    }

    public static string Read(string relative) => File.ReadAllText(Path.Combine(SharedData.Root, relative));

    public static XDocument ReadXml(string relative) => XDocument.Load(Path.Combine(SharedData.Root, relative));

    /// <summary>Fails with one line a fault, so that each can be clicked and mended.</summary>
    public static void AssertNone(IEnumerable<string> faults, string rule)
    {
        string[] found = [.. faults];
        Assert.True(found.Length == 0, $"{rule}{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }

    private static string Relative(string path) =>
        Path.GetRelativePath(SharedData.Root, path).Replace('\\', '/');

    private static IEnumerable<SourceFile> FindSources(string folder) =>
        Find(folder, "*.cs").Select(path => new SourceFile(path, SourceText.Parse(Read(path))));
}
