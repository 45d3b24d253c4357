namespace Tandem.House;

public sealed class RoomTableTests
{
    [Fact]
    public void Table_AndProjects_NameTheSameRooms()
    {
        string[] written = [.. RoomTable.Written.Select(room => room.Name).Order(StringComparer.Ordinal)];
        string[] built = [.. RoomTable.Built.Select(room => room.Name).Order(StringComparer.Ordinal)];

        Assert.Equal(written, built);
    }

    [Fact]
    public void References_OfEveryProject_EqualTheTable() =>
        HouseFiles.AssertNone(
            RoomTable.Built.SelectMany(room => Differences(room, kind => kind.References)),
            "Project references differ from the table in docs/architecture.md:");

    [Fact]
    public void Packages_OfEveryProject_EqualTheTable() =>
        HouseFiles.AssertNone(
            RoomTable.Built.SelectMany(room => Differences(room, kind => kind.Packages)),
            "Package references differ from the table in docs/architecture.md:");

    [Fact]
    public void References_AsTheTableListsThem_NeverRunInCircles()
    {
        var references =
            RoomTable.Written.ToDictionary(room => room.Name, room => room.References, StringComparer.Ordinal);

        HouseFiles.AssertNone(
            references.Keys.Where(room => Reaches(references, room, room, [])),
            "These rooms reach themselves through references:");
    }

    [Fact]
    public void Solution_ListsEveryProject()
    {
        string[] listed =
        [
            .. HouseFiles.ReadXml("Tandem.slnx").Descendants("Project").Select(project => project.Attribute("Path")!.Value)
                .Order(StringComparer.Ordinal),
        ];
        string[] built =
        [
            .. new[] { "src", "tests", "bench" }.SelectMany(folder => HouseFiles.Find(folder, "*.csproj"))
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(built, listed);
    }

    [Fact]
    public void Versions_OfPackages_LieInOneFile() =>
        HouseFiles.AssertNone(
            new[] { "src", "tests", "bench" }.SelectMany(folder => HouseFiles.Find(folder, "*.csproj"))
                .Where(path => HouseFiles.ReadXml(path).Descendants("PackageReference")
                    .Any(package => package.Attribute("Version") is not null)),
            "Write package versions in Directory.Packages.props, not here:");

    private static IEnumerable<string> Differences(
        RoomTable.Room built, Func<RoomTable.Room, IReadOnlyList<string>> kind)
    {
        RoomTable.Room? written = RoomTable.Written.FirstOrDefault(room => room.Name == built.Name);
        string project = $"src/Tandem.{built.Name}/Tandem.{built.Name}.csproj";
        IReadOnlyList<string> allowed = written is null ? [] : kind(written);
        foreach (string name in kind(built).Except(allowed, StringComparer.Ordinal))
        {
            yield return $"{project}: {name} is referenced but not in the table";
        }

        foreach (string name in allowed.Except(kind(built), StringComparer.Ordinal))
        {
            yield return $"{project}: {name} is in the table but not referenced";
        }
    }

    private static bool Reaches(
        Dictionary<string, IReadOnlyList<string>> references, string from, string target, HashSet<string> seen) =>
        references.GetValueOrDefault(from, []).Any(next =>
            next == target || (seen.Add(next) && Reaches(references, next, target, seen)));
}
