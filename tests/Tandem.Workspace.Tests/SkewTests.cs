using Tandem.Events;
using Tandem.Monitoring.Alerts;
using Tandem.Monitoring.Skew;
using Tandem.Registry;
using Tandem.Serving;

namespace Tandem.Workspace.Tests;

/// <summary>Answers of a whole system, computed again from its lake.</summary>
public sealed class SkewTests
{
    [Fact]
    public async Task ReportSkewAsync_AfterAnswersUnderLoad_FindsNothing()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await ServeAsync(small);

        await Task.WhenAll(
            Task.Run(() => AskAsync(workspace, 400)),
            Task.Run(() => AskAsync(workspace, 400)),
            Task.Run(() => PlayAsync(small, workspace, 300)));
        await workspace.CompactAsync();
        DateTimeOffset now = small.Clock.GetUtcNow();
        SkewReport report = (await workspace.ReportSkewAsync(now.AddHours(-1), now.AddHours(1)))!;

        Assert.Equal((0, 0), (report.Mismatched, report.LeftOut));
        Assert.Equal(800 * 3, report.Rows);
        Assert.Equal(40, report.Keys);
        Assert.Equal(0, workspace.Snapshot().Monitoring.Mismatched);
        Assert.DoesNotContain(await workspace.ReadLogAsync(), record => record.Type == Alert.EventType);
    }

    [Fact]
    public async Task ReportSkewAsync_OfAnOnlineStoreThatHoldsWhatTheLogDoesNot_NamesTheFirstRowAndAlerts()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await ServeAsync(small);
        await AskAsync(workspace, 40);
        EventRecord foreign = new()
        {
            Id = "of no log",
            Type = "play",
            Entities = [new("user", "u7"), new("item", "v1")],
            EventTime = small.Clock.GetUtcNow().AddHours(-1),
            KnownTime = small.Clock.GetUtcNow().AddHours(-1),
            Data = SmallWorkspace.Bytes("""{"watch_fraction":1}"""),
        };

        // The impressions of the answers are still being applied: their place may overtake ours.
        Assert.True(SpinWait.SpinUntil(
            () => workspace.Features.Apply(foreign, workspace.Features.AppliedUntil), TimeSpan.FromSeconds(120)));
        RecommendResponse first = await workspace.RecommendAsync(new RecommendRequest { UserId = "u7", Count = 3 });
        await workspace.RecommendAsync(new RecommendRequest { UserId = "u7", Count = 3 });
        await workspace.CompactAsync();

        DateTimeOffset now = small.Clock.GetUtcNow();
        SkewReport report = (await workspace.ReportSkewAsync(now.AddHours(-1), now.AddHours(1)))!;

        FeatureSkew plays = report.Features.Single(feature => feature.Name == "user_activity:plays_7d");
        Assert.Equal((6, 0, 0), (plays.Mismatched, plays.Missing, plays.Extra));
        Assert.Equal(1, plays.LargestDifference);
        Assert.Equal(plays.First!.Rebuilt + 1, plays.First.Served);
        Assert.Equal($"{first.RequestId}-1", plays.First.Event);
        Assert.Equal($"user=u7 item={first.Items[0].Id}", plays.First.About);
        Assert.Equal(6, report.Mismatched);
        EventRecord alert = Assert.Single(await workspace.ReadLogAsync(), record => record.Type == Alert.EventType);
        Assert.Equal(AlertKind.Skew, Alert.FromEvent(alert).Kind);
    }

    [Fact]
    public async Task CompareServedAsync_OfAShareOfThePeople_TakesEachWithAllAnswers()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await ServeAsync(small);
        await AskAsync(workspace, 80);
        await workspace.CompactAsync();
        DateTimeOffset now = small.Clock.GetUtcNow();

        SkewReport half = await workspace.CompareServedAsync(now.AddHours(-1), now.AddHours(1), 0.5);

        Assert.InRange(half.Keys, 8, 32);
        Assert.Equal(half.Keys * 6, half.Rows);
    }

    [Fact]
    public async Task CompareServedAsync_AfterTheDefinitionChanged_LeavesTheOldAnswersOut()
    {
        using SmallWorkspace small = new();
        await using (TandemWorkspace workspace = await ServeAsync(small))
        {
            await AskAsync(workspace, 10);
            await workspace.CompactAsync();
        }

        small.Mend("count over 7d", "count over 6d");
        await using TandemWorkspace again = await small.OpenAsync();
        DateTimeOffset now = small.Clock.GetUtcNow();

        SkewReport report = await again.CompareServedAsync(now.AddHours(-1), now.AddHours(1));

        Assert.Equal((0, 30), (report.Rows, report.LeftOut));
    }

    private static async Task<TandemWorkspace> ServeAsync(SmallWorkspace small)
    {
        TandemWorkspace workspace = await small.OpenAsync();
        await small.RecordAsync(workspace);
        await workspace.CompactAsync();
        await workspace.TrainAsync(TrainingCause.Manual);
        await workspace.StartServingAsync();
        return workspace;
    }

    /// <summary>Asks for forty people in turn, three places each.</summary>
    private static async Task AskAsync(TandemWorkspace workspace, int count)
    {
        for (int n = 0; n < count; n++)
        {
            await workspace.RecommendAsync(new RecommendRequest { UserId = $"u{n % 40}", Count = 3 });
        }
    }

    private static async Task PlayAsync(SmallWorkspace small, TandemWorkspace workspace, int count)
    {
        for (int n = 0; n < count; n++)
        {
            await workspace.IngestAsync(
                [SmallWorkspace.Bytes(small.Play(n % 40, n % 30, TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(n)))]);
        }
    }
}
