using Tandem.Faults;

namespace Tandem.Storage.Tests;

public sealed class FolderStoreTests : ObjectStoreConformance
{
    private FolderStore? _store;

    protected override IObjectStore Store => _store ??= new FolderStore(Root);

    private string Root => Path.Combine(Folder, "store");

    [Fact]
    public async Task PutAsync_KeepsTheObjectAsAFileOfItsName()
    {
        await Store.PutAsync("events/play/date=2026-01-01/1-0.parquet", "PAR1"u8.ToArray());

        Assert.Equal("PAR1", await File.ReadAllTextAsync(Path.Combine(Root, "events/play/date=2026-01-01/1-0.parquet")));
    }

    [Fact]
    public async Task Writes_LeaveNothingInStaging()
    {
        await Store.PutAsync("a", "x"u8.ToArray());
        await Store.TryPutAsync("a", "y"u8.ToArray());
        await Store.TryPutAsync("b", "y"u8.ToArray());

        Assert.Empty(Directory.GetFileSystemEntries(Store.StagingFolder));
    }

    [Fact]
    public async Task Store_NeverLeavesItsRootThroughALink()
    {
        string outside = Directory.CreateDirectory(Path.Combine(Folder, "outside")).FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "secret"), "secret");
        IObjectStore store = Store;
        Directory.CreateSymbolicLink(Path.Combine(Root, "way"), outside);

        Func<Task>[] doors =
        [
            async () => await store.OpenAsync("way/secret"),
            async () => await store.PutAsync("way/mine", "x"u8.ToArray()),
            async () => await store.DeleteAsync("way/secret"),
            async () => await store.DeleteAsync("way"),
        ];
        List<ObjectEntry> listed = await store.ListAsync("").ToListAsync();

        Assert.Empty(listed);
        foreach (Func<Task> door in doors)
        {
            TandemException refused = await Assert.ThrowsAsync<TandemException>(door);
            Assert.Equal("STO001", refused.Fault.Code);
        }

        Assert.Equal("secret", Path.GetFileName(Assert.Single(Directory.GetFiles(outside))));
    }

    [Fact]
    public async Task PutAsync_WhereAFileStandsInTheWay_SaysSo()
    {
        await Store.PutAsync("a", "x"u8.ToArray());

        TandemException failed = await Assert.ThrowsAsync<TandemException>(async () =>
            await Store.PutAsync("a/b", "y"u8.ToArray()));

        Assert.Equal("STO003", failed.Fault.Code);
        Assert.Equal(FaultKind.Unavailable, failed.Fault.Kind);
    }

    [Fact]
    public async Task Open_SweepsStagingFilesThatWereAbandonedADayAgo()
    {
        string old = Path.Combine(Store.StagingFolder, "old");
        string young = Path.Combine(Store.StagingFolder, "young");
        await File.WriteAllTextAsync(old, "x");
        await File.WriteAllTextAsync(young, "x");
        File.SetLastWriteTimeUtc(old, File.GetLastWriteTimeUtc(young) - TimeSpan.FromHours(25));

        _ = new FolderStore(Root);

        Assert.Equal([young], Directory.GetFiles(Store.StagingFolder));
    }

    [Fact]
    public void Open_WhereAFileStands_SaysSo()
    {
        File.WriteAllText(Root, "a file");

        TandemException failed = Assert.Throws<TandemException>(() => new FolderStore(Root));

        Assert.Equal("STO003", failed.Fault.Code);
    }
}
