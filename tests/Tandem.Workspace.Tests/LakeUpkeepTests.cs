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

    [Theory]
    [InlineData(30, false)]
    [InlineData(null, true)]
    public async Task TickAsync_OnceADay_VacuumsWhatIsOlderThanTheSettingAndNamedByNothing(int? days, bool areKept)
    {
        using SmallWorkspace small = new() { LakeKeepFor = days is { } count ? TimeSpan.FromDays(count) : null };
        await using TandemWorkspace workspace = await small.OpenAsync();
        await workspace.StartServingAsync();
        await workspace.TickAsync();
        await small.RecordAsync(workspace);
        await workspace.CompactAsync();
        await workspace.TrainAsync(TrainingCause.Manual);
        ModelVersion version = (await workspace.Registry.ListAsync(workspace.Spec.Name).ToListAsync())[0];
        long trained = version.Lineage.LakeManifest!.Value;
        for (int round = 0; round < 3; round++)
        {
            string play = small.Play(round, 1, TimeSpan.FromHours(1));
            await workspace.IngestAsync([System.Text.Encoding.UTF8.GetBytes(play)]);
            await workspace.CompactAsync();
        }

        long latest = (await workspace.LakeManifestAsync()).Number;
        long[] all = [.. Enumerable.Range(1, (int)latest).Select(static number => (long)number)];
        Age(small.Clock.GetUtcNow(), all[..^2], TimeSpan.FromDays(40));
        Age(small.Clock.GetUtcNow(), all[^2..], TimeSpan.FromDays(20));
        small.Clock.Advance(TimeSpan.FromHours(23));
        await workspace.TickAsync();
        long[] early = await ReadableAsync();
        small.Clock.Advance(TimeSpan.FromHours(2));
        await workspace.TickAsync();
        long[] late = await ReadableAsync();

        Assert.Null(workspace.Problem);
        Assert.Equal(all, early);

        // The manifest before the first young one was the lake until that was written: it stays too.
        Assert.True(trained < latest - 2);
        Assert.Equal(areKept ? all : [trained, latest - 2, latest - 1, latest], late);

        void Age(DateTimeOffset now, IEnumerable<long> numbers, TimeSpan age)
        {
            foreach (long number in numbers)
            {
                string file = Directory.GetFiles(
                    small.StoreFolder, $"{number:D20}.json", SearchOption.AllDirectories).Single(path =>
                        path.Contains("manifests", StringComparison.Ordinal));
                File.SetLastWriteTimeUtc(file, (now - age).UtcDateTime);
            }
        }

        async Task<long[]> ReadableAsync()
        {
            List<long> numbers = [];
            foreach (long number in all)
            {
                try
                {
                    numbers.Add((await workspace.LakeManifestAsync(number)).Number);
                }
                catch (Faults.TandemException e) when (e.Fault.Code == "LAK005")
                {
                    // Removed.
                }
            }

            return [.. numbers];
        }
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
