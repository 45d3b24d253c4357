using Tandem.Lake;
using Tandem.Registry;

namespace Tandem.Workspace.Tests;

public sealed class LakeUpkeepTests
{
    [Fact]
    public async Task TickAsync_AfterManyCompactions_MergesSmallFiles()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();
        for (int round = 0; round < 8; round++)
        {
            string play = small.Play(round, 1, TimeSpan.FromHours(1));
            await workspace.IngestAsync([System.Text.Encoding.UTF8.GetBytes(play)]);
            await workspace.CompactAsync();
        }

        LakeManifest before = await workspace.LakeManifestAsync();
        small.Clock.Advance(TimeSpan.FromHours(1));
        await workspace.TickAsync();
        LakeManifest after = await workspace.LakeManifestAsync();

        Assert.Null(workspace.Problem);
        Assert.Equal((8, 1), (before.Find("play")!.Parts.Count, after.Find("play")!.Parts.Count));
        Assert.Equal((before.RowCount, before.To), (after.RowCount, after.To));
    }

    [Fact]
    public async Task VacuumLakeAsync_KeepsWhatAModelWasTrainedFrom()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();
        await workspace.IngestAsync([System.Text.Encoding.UTF8.GetBytes(small.Play(1, 1, TimeSpan.FromHours(1)))]);
        await workspace.CompactAsync();
        await small.RecordAsync(workspace);
        await workspace.CompactAsync();
        await workspace.TrainAsync(TrainingCause.Manual);
        ModelVersion version = (await workspace.Registry.ListAsync(workspace.Spec.Name).ToListAsync())[0];
        long trained = version.Lineage.LakeManifest!.Value;
        IReadOnlyDictionary<string, string[]> rows = await workspace.ReadInteractionsAsync();
        LakeMerge merge = await workspace.MergeLakeAsync();
        Assert.NotEmpty(merge.Files);
        Assert.True(trained < merge.Latest.Number);

        LakeVacuum done = await workspace.VacuumLakeAsync();

        Assert.Equal([trained, merge.Latest.Number], done.Kept);
        Assert.NotEmpty(done.Manifests);
        Assert.False(await workspace.IsErasedFromAsync(version));
        IReadOnlyDictionary<string, string[]> left = await workspace.ReadInteractionsAsync();
        Assert.Equal(rows.Count, left.Count);
        Assert.All(rows, user => Assert.Equal(user.Value, left[user.Key], StringComparer.Ordinal));
        Assert.Equal(merge.Latest.RowCount, (await workspace.LakeManifestAsync(trained)).RowCount);
        Assert.Equal(0, (await workspace.VacuumLakeAsync(isDryRun: true)).Bytes);
    }
}
