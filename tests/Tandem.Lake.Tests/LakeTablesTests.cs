using Tandem.Faults;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Lake.Tests;

public sealed class LakeTablesTests
{
    [Fact]
    public void Construct_OfNamesThatCannotBeUsed_ReportsThemAll()
    {
        TandemException failure = Assert.Throws<TandemException>(() => new LakeTables(
        [
            new LakeTable { Name = "a/b" },
            new LakeTable { Name = "play", Entities = ["user"], Columns = [new("User", LakeType.Text), new("Extra", LakeType.Text)] },
            new LakeTable { Name = "play", Columns = [new("", LakeType.Text)] },
        ]));

        Assert.Equal(5, failure.Faults.Count);
        Assert.All(failure.Faults, static fault => Assert.Equal("LAK003", fault.Code));
    }

    [Fact]
    public async Task Open_WithSettingsOutOfRange_ReportsThemAll()
    {
        using TestFolder folder = new();
        LakeOptions options = new() { MemoryBytes = 1, Threads = 0, BatchBytes = 0, MaximumPartitions = 0 };

        TandemException failure = await Assert.ThrowsAsync<TandemException>(
            () => ParquetLake.OpenAsync(new FolderStore(folder.Path), [], options).AsTask());

        Assert.Equal(["LAK010", "LAK010", "LAK010", "LAK010"], failure.Faults.Select(static fault => fault.Code), StringComparer.Ordinal);
    }
}
