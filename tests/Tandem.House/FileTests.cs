namespace Tandem.House;

public sealed class FileTests
{
    private const int LongestFileLines = 400;

    [Fact]
    public void SourceFiles_StayShort()
    {
        IEnumerable<string> code = HouseFiles.Sources.Concat(HouseFiles.Tests).Select(file => file.Path);
        IEnumerable<string> studio = new[] { "*.ts", "*.tsx", "*.css" }
            .SelectMany(pattern => HouseFiles.Find("studio", pattern));

        HouseFiles.AssertNone(
            from path in code.Concat(studio)
            let lines = HouseFiles.Read(path).Count(c => c == '\n')
            where lines > LongestFileLines
            select $"{path}:{lines}: {lines} lines",
            $"A file of more than {LongestFileLines} lines holds two ideas; part them:");
    }

    [Fact]
    public void TestProjects_MirrorRooms() =>
        HouseFiles.AssertNone(
            HouseFiles.Find("tests", "*.Tests.csproj").Select(path => Path.GetFileNameWithoutExtension(path))
                .Where(name => !File.Exists(Path.Combine(
                    Testing.SharedData.Root, "src", name[..^".Tests".Length], name[..^".Tests".Length] + ".csproj"))),
            "These test projects mirror no room:");
}
