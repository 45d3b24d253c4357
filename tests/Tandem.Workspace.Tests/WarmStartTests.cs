using Tandem.Registry;
using Tandem.Training;

namespace Tandem.Workspace.Tests;

/// <summary>Runs that go on from the champion, where the file asks for it.</summary>
public sealed class WarmStartTests
{
    [Fact]
    public async Task TrainAsync_WithWarmStart_GoesOnFromAChampionThatSawNothingOfTheTestWindow()
    {
        using SmallWorkspace small = new();
        small.Mend("split: {by: leave-last-out}", "split: {by: time, test: 1d}\n  warm_start: true");
        small.Mend("gate: {metric: ndcg@5}", "gate: {metric: ndcg@5}\n  baselines: [popular]");
        await using TandemWorkspace workspace = await small.OpenAsync();
        await small.RecordAsync(workspace);
        await workspace.CompactAsync();

        TrainingRun first = await workspace.TrainAsync(TrainingCause.Manual);
        TrainingRun tooSoon = await workspace.TrainAsync(TrainingCause.Manual);
        small.Clock.Advance(TimeSpan.FromDays(2));
        await workspace.IngestAsync(
            [.. Enumerable.Range(0, 40).Select(user => SmallWorkspace.Bytes(small.Play(user, 28 + (user % 2), TimeSpan.FromHours(3))))]);
        await workspace.CompactAsync();
        TrainingRun later = await workspace.TrainAsync(TrainingCause.Manual);

        Assert.True(first.Verdict.IsPromoted, first.Verdict.Reason);
        Assert.Equal("fitted anew: there is no champion", first.Start);
        Assert.Equal("fitted anew: the champion saw the test window", tooSoon.Start);
        Assert.StartsWith("went on from version", later.Start, StringComparison.Ordinal);
        ModelVersion anew = (await workspace.Registry.FindAsync("small", "1"))!;
        ModelVersion updated = (await workspace.Registry.FindAsync("small", "3"))!;
        Assert.False(anew.Lineage.Parameters.ContainsKey(ArtifactNames.WarmStart));
        Assert.Equal($"went on from version {updated.Lineage.Parameters[ArtifactNames.WarmStart]}", later.Start);
        Assert.Equal(later.Start, TrainingJson.Read(TrainingJson.Write(later))!.Start);
    }

    [Fact]
    public async Task TrainAsync_WithoutIt_SaysNothing()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();
        await small.RecordAsync(workspace);
        await workspace.CompactAsync();

        Assert.Null((await workspace.TrainAsync(TrainingCause.Manual)).Start);
    }
}
