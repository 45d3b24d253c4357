using Tandem.Testing;

namespace Tandem.Lake.Tests;

public sealed class WorkFolderTests
{
    [Fact]
    public void Create_OfAFolderWhoseOwnerDied_RemovesIt()
    {
        using TestFolder staging = new();
        string dead = Directory.CreateDirectory(staging["lake-dead"]).FullName;
        File.WriteAllText(Path.Combine(dead, "lock"), "");
        File.WriteAllText(Path.Combine(dead, "part.parquet"), "half");

        using var folder = WorkFolder.Create(staging.Path);

        Assert.Equal([folder.Path], Directory.GetDirectories(staging.Path), StringComparer.Ordinal);
    }

    [Fact]
    public void Create_OfAFolderThatWasNeverLocked_RemovesItOnceItIsOld()
    {
        using TestFolder staging = new();
        string young = Directory.CreateDirectory(staging["lake-young"]).FullName;
        string old = Directory.CreateDirectory(staging["lake-old"]).FullName;
        Directory.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-2));

        using var folder = WorkFolder.Create(staging.Path);

        Assert.True(Directory.Exists(young));
        Assert.False(Directory.Exists(old));
    }

    [Fact]
    public void Create_OfManyAtOnce_LeavesEachItsOwn()
    {
        using TestFolder staging = new();

        Parallel.For(0, 4000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var folder = WorkFolder.Create(staging.Path);
            File.WriteAllText(folder.File("part.parquet"), "whole");
            Assert.True(File.Exists(folder.File("part.parquet")));
        });

        Assert.Empty(Directory.GetDirectories(staging.Path));
    }
}
