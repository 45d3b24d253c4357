using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;

namespace Tandem.Workspace.Tests;

public sealed class OnlineTests : IDisposable
{
    private readonly SmallWorkspace _small = new();

    public OnlineTests() => _small.Mend(
        "      plays_7d: count over 7d\n",
        """
              plays_7d: count over 7d
              last: last_k item 2
              often: histogram item 2
          fresh:
            entity: user
            source: play
            ttl: 1h
            aggregates:
              plays_7d: count over 7d
          everybody:
            entity: global
            source: play
            aggregates:
              all: count

        """.ReplaceLineEndings("\n"));

    public void Dispose() => _small.Dispose();

    [Fact]
    public async Task ReadFeatures_OfSeveralRows_SaysWhatIsKnownOfEach()
    {
        await using TandemWorkspace workspace = await OpenAsync();
        await workspace.IngestAsync(
        [
            SmallWorkspace.Bytes(_small.Play(1, 5, TimeSpan.FromDays(1))),
            SmallWorkspace.Bytes(_small.Play(1, 5, TimeSpan.FromHours(2))),
            SmallWorkspace.Bytes(_small.Play(2, 6, TimeSpan.FromDays(8))),
            SmallWorkspace.Bytes(_small.Play(3, 7, TimeSpan.FromMinutes(1))),
        ]);

        IReadOnlyList<OnlineColumn> columns = await workspace.ReadFeaturesAsync(Query(
            ["user_activity:plays_7d", "user_activity:last", "user_activity:often", "fresh:plays_7d", "everybody:all"],
            fullNames: true, "u1", "u2", "u3", "u4"));

        string[] names = [.. columns.Select(column => column.Name)];
        Assert.Equal(
            ["user_activity__plays_7d", "user_activity__last", "user_activity__often", "fresh__plays_7d", "everybody__all"],
            names);
        Assert.Equal(
            [FeatureStatus.Present, FeatureStatus.NullValue, FeatureStatus.Present, FeatureStatus.NotFound],
            columns[0].Values.Select(value => value.Status));
        Assert.Equal(
            [FeatureStatus.OutsideMaxAge, FeatureStatus.OutsideMaxAge, FeatureStatus.Present, FeatureStatus.NotFound],
            columns[3].Values.Select(value => value.Status));
        Assert.Equal([2, double.NaN, 1, double.NaN], columns[0].Values.Select(value => value.Value.Number));
        Assert.Equal(["v5", "v5"], columns[1].Values[0].Value.Ids);
        Assert.Equal(["v6"], columns[1].Values[1].Value.Ids);
        Assert.Equal([2.0], columns[2].Values[0].Value.Numbers);
        Assert.Equal([4, 4, 4, 4], columns[4].Values.Select(value => value.Value.Number));
        DateTimeOffset now = _small.Clock.GetUtcNow();
        Assert.Equal(
            [now.AddHours(-2), now.AddDays(-8), now.AddMinutes(-1), null],
            columns[0].Values.Select(value => value.EventTime));
    }

    [Fact]
    public async Task ReadFeatures_OfGlobalFeaturesAlone_HasOneRow()
    {
        await using TandemWorkspace workspace = await OpenAsync();
        await workspace.IngestAsync([SmallWorkspace.Bytes(_small.Play(1, 5, TimeSpan.FromDays(1)))]);

        IReadOnlyList<OnlineColumn> columns = await workspace.ReadFeaturesAsync(new OnlineQuery(
            ["everybody:all"], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), false));

        OnlineColumn column = Assert.Single(columns);
        Assert.Equal("all", column.Name);
        Assert.Equal(1, Assert.Single(column.Values).Value.Number);
    }

    [Theory]
    [InlineData("FEA009", "user_activity:nothing", "user")]
    [InlineData("FEA009", "nothing:plays_7d", "user")]
    [InlineData("FEA009", "plays_7d", "user")]
    [InlineData("WSP061", "user_activity:plays_7d", "item")]
    [InlineData("WSP062", "user_activity:plays_7d", "driver")]
    [InlineData("WSP063", "user_activity:plays_7d", "user+")]
    [InlineData("WSP064", "user_activity:plays_7d fresh:plays_7d", "user")]
    public async Task ReadFeatures_OfWhatCannotBeAnswered_SaysWhy(string code, string features, string entity)
    {
        await using TandemWorkspace workspace = await OpenAsync();
        Dictionary<string, IReadOnlyList<string>> ids = new(StringComparer.Ordinal) { [entity.TrimEnd('+')] = ["1", "2"] };
        if (entity.EndsWith('+'))
        {
            ids["item"] = ["1"];
        }

        TandemException thrown = await Assert.ThrowsAsync<TandemException>(
            async () => await workspace.ReadFeaturesAsync(new OnlineQuery(features.Split(' '), ids, false)));

        Assert.Equal(code, thrown.Fault.Code);
    }

    [Fact]
    public async Task Metrics_SayWhatFeaturesTakeAndHowFreshTheyAre()
    {
        await using TandemWorkspace workspace = await OpenAsync();
        await workspace.IngestAsync([SmallWorkspace.Bytes(_small.Play(1, 5, TimeSpan.FromHours(1)))]);
        await workspace.ReadFeaturesAsync(Query(["user_activity:plays_7d"], false, "u1"));

        string[] lines = workspace.Metrics().Split('\n');
        FeatureNumbers numbers = workspace.Snapshot().Features;

        Assert.Equal("memory", numbers.Where);
        Assert.True(numbers is { MemoryBytes: > 100, Hits: > 0, FreshnessP99Milliseconds: > 0 }, $"{numbers}");
        Assert.Contains($"tandem_feature_memory_bytes {numbers.MemoryBytes}", lines, StringComparer.Ordinal);
        Assert.Contains("tandem_feature_newest_event_age_seconds{view=\"user_activity\"} 3600", lines, StringComparer.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("tandem_feature_freshness_seconds{quantile=\"0.99\"} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PushAsync_OfColumns_IsTheSameAsEvents()
    {
        await using TandemWorkspace workspace = await OpenAsync();
        const string Rows =
            """
            {"user":["u1",7],"item":["v1","v2"],"watch_fraction":[0.5,1],
             "event_timestamp":["2026-01-10 22:00:00","2026-01-10T23:00:00+00:00"],"id":["mine",null]}
            """;

        IReadOnlyList<EventOutcome> outcomes = await workspace.PushAsync("play", Columns(Rows));
        await workspace.PushAsync("play", Columns(Rows));

        Assert.All(outcomes, outcome => Assert.Null(outcome.Fault));
        IReadOnlyList<EventRecord> log = await workspace.ReadLogAsync();
        Assert.Equal(
            [
                ("mine", "u1", new DateTimeOffset(2026, 1, 10, 22, 0, 0, TimeSpan.Zero)),
                (outcomes[1].Id!, "7", new DateTimeOffset(2026, 1, 10, 23, 0, 0, TimeSpan.Zero)),
            ],
            log.Select(record => (record.Id, record.Entities.Single(each => each.Entity == "user").Id, record.EventTime!.Value)));
        IReadOnlyList<OnlineColumn> read = await workspace.ReadFeaturesAsync(Query(["user_activity:plays_7d"], false, "u1", "7"));
        Assert.Equal([1, 1], read[0].Values.Select(value => value.Value.Number));
    }

    [Fact]
    public async Task PushAsync_WithBadRows_TakesTheOthers()
    {
        await using TandemWorkspace workspace = await OpenAsync();

        IReadOnlyList<EventOutcome> outcomes = await workspace.PushAsync("play", Columns(
            """
            {"user":["u1",null,"u3","u4"],"item":["v1","v1","v1","v1"],"watch_fraction":[0.5,0.5,7,0.5],
             "event_timestamp":["2026-01-10","2026-01-10","2026-01-10","yesterday"]}
            """));

        string[] codes = [.. outcomes.Select(outcome => outcome.Fault?.Code ?? "")];
        Assert.Equal(["", "WSP003", "WSP006", "EVT002"], codes);
        Assert.Equal("u1", Assert.Single(await workspace.ReadLogAsync()).Entities.First(each => each.Entity == "user").Id);
    }

    [Theory]
    [InlineData("WSP002", "nothing", """{"user":["u1"]}""")]
    [InlineData("WSP063", "play", """{"user":["u1"],"item":[]}""")]
    [InlineData("WSP024", "play", """{"user":["\ud800"]}""")]
    public async Task PushAsync_OfWhatAreNoRows_TakesNone(string code, string source, string rows)
    {
        await using TandemWorkspace workspace = await OpenAsync();

        TandemException thrown = await Assert.ThrowsAsync<TandemException>(
            () => workspace.PushAsync(source, Columns(rows)).AsTask());

        Assert.Equal(code, thrown.Fault.Code);
        Assert.Empty(await workspace.ReadLogAsync());
    }

    [Fact]
    public async Task MaterializeAsync_BringsTheLogIntoLakeAndSnapshot()
    {
        await using TandemWorkspace workspace = await OpenAsync();
        await workspace.IngestAsync([SmallWorkspace.Bytes(_small.Play(1, 5, TimeSpan.FromDays(1)))]);

        Materialization done = await workspace.MaterializeAsync(["fresh"], wait: false);

        Assert.Equal(workspace.Journal.End.Offset, done.Until);
        Assert.Equal(done.Manifest, (await workspace.LakeManifestAsync()).Number);
        Assert.Single(Directory.GetFiles(_small.StoreFolder, "*.snapshot", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task MaterializeAsync_WhileAnotherRuns_IsRefusedOrWaits()
    {
        await using TandemWorkspace workspace = await OpenAsync();
        await _small.RecordAsync(workspace);
        await workspace.Work.WaitAsync();
        Task<Materialization>[] calls = [.. Enumerable.Range(0, 3).Select(_ => workspace.MaterializeAsync([], wait: true))];

        TandemException thrown = await Assert.ThrowsAsync<TandemException>(() => workspace.MaterializeAsync([], wait: false));
        workspace.Work.Release();

        Assert.Equal("WSP066", thrown.Fault.Code);
        Assert.All(await Task.WhenAll(calls), done => Assert.Equal(workspace.Journal.End.Offset, done.Until));
    }

    [Fact]
    public async Task MaterializeAsync_OfAnUnknownView_IsRefused()
    {
        await using TandemWorkspace workspace = await OpenAsync();

        TandemException thrown = await Assert.ThrowsAsync<TandemException>(
            () => workspace.MaterializeAsync(["nothing"], wait: false));

        Assert.Equal("WSP060", thrown.Fault.Code);
    }

    private static OnlineQuery Query(string[] features, bool fullNames, params string[] users) => new(
        features, new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["user"] = users }, fullNames);

    private static Dictionary<string, IReadOnlyList<JsonElement>> Columns(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(
            column => column.Name, column => (IReadOnlyList<JsonElement>)[.. column.Value.EnumerateArray().Select(cell => cell.Clone())],
            StringComparer.Ordinal);
    }

    private async Task<TandemWorkspace> OpenAsync()
    {
        TandemWorkspace workspace = await _small.OpenAsync();
        await workspace.StartServingAsync();
        return workspace;
    }
}
