using System.Xml.Linq;

namespace Tandem.House;

/// <summary>The table of rooms in <c>docs/architecture.md</c>.</summary>
internal static class RoomTable
{
    public static IReadOnlyList<Room> Written { get; } =
    [
        .. HouseFiles.Read("docs/architecture.md").ReplaceLineEndings("\n").Split('\n')
            .SkipWhile(line => !line.StartsWith("| room | what it is for", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(ParseRow),
    ];

    public static IReadOnlyList<Room> Built { get; } =
    [
        .. HouseFiles.Find("src", "*.csproj").Select(path =>
        {
            XDocument project = HouseFiles.ReadXml(path);
            return new Room(
                Path.GetFileNameWithoutExtension(path)["Tandem.".Length..],
                [.. Includes(project, "ProjectReference").Select(ToRoom).Where(room => room != "Faults")],
                [.. Includes(project, "PackageReference")]);
        }),
    ];

    private static Room ParseRow(string row)
    {
        string[] cells = row.Trim('|').Split('|', StringSplitOptions.TrimEntries);
        return new Room(cells[0], ParseNames(cells[3]), ParseNames(cells[4]));
    }

    private static string[] ParseNames(string cell) =>
        cell == "–" ? [] : cell.Split(',', StringSplitOptions.TrimEntries);

    private static IEnumerable<string> Includes(XDocument project, string item) =>
        project.Descendants(item).Select(reference => reference.Attribute("Include")!.Value);

    private static string ToRoom(string path) => Path.GetFileNameWithoutExtension(path)["Tandem.".Length..];

    /// <summary>One room.</summary>
    /// <param name="Name">Its project's name without <c>Tandem.</c>.</param>
    /// <param name="References">Rooms it references, <c>Faults</c> left out.</param>
    /// <param name="Packages">Packages it references.</param>
    internal sealed record Room(string Name, IReadOnlyList<string> References, IReadOnlyList<string> Packages);
}
