using Tandem.Testing;

namespace Tandem.Storage.Tests;

public sealed class StagedFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SweepDead_DeletesWhatNobodyHolds()
    {
        using var live = StagedFile.Create(_folder.Path);
        await File.WriteAllTextAsync(live.Path, "mine");
        await File.WriteAllTextAsync(_folder["dead"], "x");
        Directory.CreateDirectory(_folder["lake-1"]);

        StagedFile.SweepDead(_folder.Path);

        Assert.Equal([live.Path], Directory.GetFiles(_folder.Path));
        Assert.Equal([_folder["lake-1"]], Directory.GetDirectories(_folder.Path));
        Assert.Equal("mine", await File.ReadAllTextAsync(live.Path));
    }

    [Fact]
    public async Task Dispose_DeletesTheFile_ButNotWhatItWasNamed()
    {
        string path;
        using (var staged = StagedFile.Create(_folder.Path))
        {
            path = staged.Path;
            await File.WriteAllTextAsync(path, "whole");
            File.Move(path, _folder["object"]);
            Assert.Equal("whole", await File.ReadAllTextAsync(_folder["object"]));
        }

        using (StagedFile.Create(_folder.Path))
        {
            Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        }

        Assert.Equal([_folder["object"]], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task SweepDead_AgainAndAgainWhileOthersWrite_TakesNothingFromThem()
    {
        FolderStore store = new(_folder.Path);
        using CancellationTokenSource written = new();
        var sweeping = Task.Run(() =>
        {
            while (!written.IsCancellationRequested)
            {
                StagedFile.SweepDead(store.StagingFolder);
            }
        });
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), async (n, stop) =>
        {
            await store.PutAsync($"put-{n}", "x"u8.ToArray(), stop);
            Assert.True(await store.TryPutAsync($"try-{n}", "y"u8.ToArray(), stop));
        });
        await written.CancelAsync();
        await sweeping;

        Assert.Equal(800, await store.ListAsync("").CountAsync());
        Assert.Empty(Directory.GetFiles(store.StagingFolder));
    }
}
