using Tandem.Events;
using Tandem.Faults;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Training;

namespace Tandem.Workspace.Tests;

public sealed class TandemWorkspaceTests
{
    [Fact]
    public async Task IngestAsync_OfGoodAndBadLines_AnswersEachAndKeepsTheBadOnes()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();

        IReadOnlyList<EventOutcome> outcomes = await workspace.IngestAsync(
        [
            SmallWorkspace.Bytes(small.Play(1, 2, TimeSpan.FromHours(1))),
            SmallWorkspace.Bytes("{\"type\":\"play\",\"entities\":{\"user\":\"u1\"},\"data\":{\"watch_fraction\":1}}"),
            SmallWorkspace.Bytes("{\"type\":\"clap\",\"entities\":{\"user\":\"u1\"}}"),
            SmallWorkspace.Bytes(small.Play(1, 2, TimeSpan.FromHours(1), fraction: 7)),
            SmallWorkspace.Bytes("not json"),
            SmallWorkspace.Bytes(small.Play(1, 2, TimeSpan.FromHours(-1))),
            SmallWorkspace.Bytes("{\"type\":\"play\",\"entities\":{\"user\":\"u1\",\"item\":\"v1\"},\"data\":{}}"),
        ]);

        Assert.Equal(
            [null, "WSP003", "WSP002", "WSP006", "EVT001", "WSP007", "WSP004"],
            outcomes.Select(outcome => outcome.Fault?.Code),
            StringComparer.Ordinal);
        Assert.Equal(6, await workspace.Quarantine.CountAsync());
    }

    [Fact]
    public async Task IngestAsync_OfAKeyWithHalfACharacter_RefusesTheLine()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();

        IReadOnlyList<EventOutcome> outcomes = await workspace.IngestAsync(
            [SmallWorkspace.Bytes("{\"\\ud800\":1,\"type\":\"play\"}")]);

        Assert.Equal("EVT001", outcomes[0].Fault?.Code);
    }

    [Fact]
    public async Task IngestAsync_OfCloudEvents_ChecksThemAsEvents()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();

        IReadOnlyList<EventOutcome> outcomes = await workspace.IngestAsync(
            [
                SmallWorkspace.Bytes("""{"specversion":"1.0","id":"1","source":"s","type":"com.x.play","subject":"u1","item":"v1","data":{"watch_fraction":0.5}}"""),
                SmallWorkspace.Bytes("""{"specversion":"1.0","id":"2","source":"s","type":"com.x.play","subject":"u1","item":"v1","data":{"watch_fraction":2}}"""),
                SmallWorkspace.Bytes("""{"id":"3","type":"play","entities":{"user":"u1","item":"v1"},"data":{"watch_fraction":0.5}}"""),
            ],
            EventForm.CloudEvent);

        Assert.Equal(
            [null, "WSP006", "WSP020"], outcomes.Select(outcome => outcome.Fault?.Code), StringComparer.Ordinal);
        List<Events.QuarantinedRow> kept = await workspace.Quarantine.ListAsync().ToListAsync();
        Assert.Equal(["play", ""], kept.Select(row => row.Source), StringComparer.Ordinal);
    }

    [Fact]
    public async Task IngestAsync_WithoutAnId_MakesOne()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();

        IReadOnlyList<EventOutcome> outcomes = await workspace.IngestAsync(
        [
            SmallWorkspace.Bytes(
                "{ \"type\":\"play\",\"entities\":{\"user\":\"u1\",\"item\":\"v1\"},\"data\":{\"watch_fraction\":1}}"),
        ]);

        Assert.Null(outcomes[0].Fault);
        Assert.Equal(32, outcomes[0].Id!.Length);
    }

    [Fact]
    public async Task RecommendAsync_AfterAnAction_AnswersSomethingElse()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();
        await TrainAsync(small, workspace);
        string[] before = await AskAsync(workspace, "u0");

        await workspace.IngestAsync(
            [.. Enumerable.Range(0, 5).Select(n => SmallWorkspace.Bytes(small.Play(0, (2 * n) + 1, TimeSpan.FromMinutes(5 - n))))]);

        Assert.NotEqual(before, await AskAsync(workspace, "u0"));
    }

    [Fact]
    public async Task StartServingAsync_AfterARestart_KnowsWhatItKnew()
    {
        using SmallWorkspace small = new();
        string[] before;
        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            await TrainAsync(small, workspace);
            await workspace.IngestAsync([SmallWorkspace.Bytes(small.Play(0, 5, TimeSpan.FromMinutes(1)))]);
            before = await AskAsync(workspace, "u0");
        }

        await using TandemWorkspace again = await small.OpenAsync();
        await again.StartServingAsync();

        Assert.Equal(before, await AskAsync(again, "u0"));
        Assert.Equal("1", again.Predictor.Model!.Version);
        Assert.NotNull(again.Snapshot().Training.LastRun);
    }

    [Fact]
    public async Task RecommendAsync_LogsAnImpressionForEveryPosition()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();
        await TrainAsync(small, workspace);

        RecommendResponse response = await workspace.RecommendAsync(new RecommendRequest { UserId = "u1", Count = 4 });

        await workspace.CompactAsync();
        List<EventRecord> shown = [.. (await workspace.ReadLogAsync()).Where(record => record.Type == "impression")];
        Assert.Equal([1, 2, 3, 4], shown.Select(record => record.Position));
        Assert.Equal(
            response.Items.Select(item => item.Id), shown.Select(record => record.Entities[^1].Id), StringComparer.Ordinal);
        Assert.All(shown, record => Assert.Equal(response.RequestId, record.RequestId));
        Assert.All(shown, record => Assert.Equal("1", record.ModelVersion));
        Assert.All(shown, record => Assert.Contains(
            "user_activity:plays_7d", System.Text.Encoding.UTF8.GetString(record.Features.Span), StringComparison.Ordinal));
    }

    [Fact]
    public async Task OnlineHistories_EqualTheInteractionsThatModelsAreFittedOn()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();
        await small.RecordAsync(workspace);
        await workspace.StartServingAsync();
        await workspace.CompactAsync();

        IReadOnlyDictionary<string, string[]> offline = await workspace.ReadInteractionsAsync();

        Assert.Equal(40, offline.Count);
        Assert.All(offline, pair => Assert.Equal(pair.Value, workspace.ReadHistory(pair.Key)));
    }

    [Fact]
    public async Task TickAsync_AfterAPromotionElsewhere_ServesThatVersion()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();
        await TrainAsync(small, workspace);
        await workspace.TrainAsync(TrainingCause.Manual);
        await workspace.Registry.SetAliasAsync("small", "champion", 2, "a person", "to see it served");

        await workspace.TickAsync();

        Assert.Equal("2", workspace.Predictor.Model!.Version);
    }

    [Fact]
    public async Task TickAsync_WhereAJobFails_KeepsTheProblemAndGoesOnServing()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();
        await TrainAsync(small, workspace);
        string manifest = Directory.GetFiles(small.Folder, "*.json", SearchOption.AllDirectories)
            .Single(path => path.Contains("manifests", StringComparison.Ordinal));
        byte[] bytes = await File.ReadAllBytesAsync(manifest);
        await File.WriteAllTextAsync(manifest, "{");
        await small.RecordAsync(workspace, people: 1);
        small.Clock.Advance(TimeSpan.FromHours(1));

        await workspace.TickAsync();

        Assert.Equal("compaction", workspace.Problem?.Job);
        Assert.StartsWith("LAK", workspace.Problem!.Fault.Code, StringComparison.Ordinal);
        Assert.Equal("compaction", workspace.Snapshot().Problem?.Job);
        Assert.NotEmpty((await workspace.RecommendAsync(new RecommendRequest { UserId = "u1" })).Items);

        await File.WriteAllBytesAsync(manifest, bytes);
        small.Clock.Advance(TimeSpan.FromHours(1));
        await workspace.TickAsync();

        Assert.Null(workspace.Problem);
    }

    [Fact]
    public async Task TickAsync_AfterAScheduledRunFailed_TriesAgainWhenTheNextIsDue()
    {
        using SmallWorkspace small = new(cadence: "1h");
        await using TandemWorkspace workspace = await small.OpenAsync();
        await TrainAsync(small, workspace);
        string manifest = Directory.GetFiles(small.Folder, "*.json", SearchOption.AllDirectories)
            .Single(path => path.Contains("manifests", StringComparison.Ordinal));
        await File.WriteAllTextAsync(manifest, "{");
        small.Clock.Advance(TimeSpan.FromHours(1));
        DateTimeOffset failed = small.Clock.GetUtcNow();

        await workspace.TickAsync();
        Assert.Equal("training", workspace.Problem?.Job);
        small.Clock.Advance(TimeSpan.FromSeconds(5));
        await workspace.TickAsync();

        Assert.Equal(failed, workspace.Problem?.Time);
        small.Clock.Advance(TimeSpan.FromHours(1));
        await workspace.TickAsync();
        Assert.Equal(small.Clock.GetUtcNow(), workspace.Problem?.Time);
    }

    [Fact]
    public async Task OpenAsync_ByASecondWriter_NamesTheFirst()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();

        TandemException exception = await Assert.ThrowsAsync<TandemException>(() => small.OpenAsync());

        Assert.Equal("EVT006", exception.Fault.Code);
        Assert.Contains(
            Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), exception.Message,
            StringComparison.Ordinal);
    }

    private static async Task TrainAsync(SmallWorkspace small, TandemWorkspace workspace)
    {
        await small.RecordAsync(workspace);
        await workspace.CompactAsync();
        TrainingRun run = await workspace.TrainAsync(TrainingCause.Manual);
        Assert.True(run.Verdict.IsPromoted, run.Verdict.Reason);
        await workspace.StartServingAsync();
    }

    private static async Task<string[]> AskAsync(TandemWorkspace workspace, string user)
    {
        RecommendResponse response = await workspace.RecommendAsync(
            new RecommendRequest { UserId = user, Count = 5, ExcludeSeen = false });
        return [.. response.Items.Select(item => item.Id)];
    }
}
