using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Monitoring.Skew;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Testing;

namespace Tandem.Workspace.Tests;

/// <summary>Features of pairs in a whole system: asked, logged, compared, looked up, forgotten.</summary>
public sealed class PairFeatureTests : IDisposable
{
    private SmallWorkspace _small = WithPairs(new SmallWorkspace());

    public void Dispose() => _small.Dispose();

    [Fact]
    public Task Answers_WhileEventsAndRowsComeIn_AreComputedAgainWithoutSkew() => AssertNoSkewAsync();

    [PostgresFact]
    public Task Answers_FromAServer_WhileEventsAndRowsComeIn_AreComputedAgainWithoutSkew()
    {
        _small.Dispose();
        _small = WithPairs(new SmallWorkspace
        {
            FeatureServer = PostgresProcess.Shared,
            Tenant = "t" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal),
        });
        return AssertNoSkewAsync();
    }

    private static SmallWorkspace WithPairs(SmallWorkspace small)
    {
        small.Mend("features:\n", string.Join('\n',
            "features:",
            "  user_item: {entity: [user, item], source: play, aggregates: {plays: count}}",
            "  user_category:",
            "    entity: [user, item.category]",
            "    source: play",
            "    aggregates: {plays: count, watched: mean watch_fraction over 7d}",
            "  mix: {compute: {share: 'user_category:plays / user_activity:plays_7d'}}",
            ""));
        return small;
    }

    private async Task AssertNoSkewAsync()
    {
        await using TandemWorkspace workspace = await ServeAsync();
        await Task.WhenAll(
            Task.Run(() => AskAsync(workspace, 300)),
            Task.Run(() => ChangeAsync(workspace, 300)));
        await workspace.CompactAsync();
        DateTimeOffset now = _small.Clock.GetUtcNow();

        SkewReport report = (await workspace.ReportSkewAsync(now.AddHours(-1), now.AddHours(1)))!;

        Assert.Equal((0, 0), (report.Mismatched, report.LeftOut));
        Assert.Equal(900, report.Rows);
        Assert.Contains(report.Features, feature => feature.Name == "mix:share");
        EventRecord shown = (await workspace.ReadLogAsync()).Last(record => record.Type == "impression");
        Assert.Contains("\"user_category:plays\":", Encoding.UTF8.GetString(shown.Features.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadFeatures_OfPairs_TakesTwoJoinKeys_AndTheLookUpAnEscapedId()
    {
        await using TandemWorkspace workspace = await ServeAsync();
        Dictionary<string, IReadOnlyList<string>> ids = new(StringComparer.Ordinal)
        {
            ["user"] = ["u1", "u1", "nobody"],
            ["item"] = ["v1", "v2", "v1"],
        };

        IReadOnlyList<OnlineColumn> byItem = await workspace.ReadFeaturesAsync(
            new OnlineQuery(["user_category:plays", "user_item:plays", "mix:share"], ids, true));
        ids.Remove("item");
        ids["item.category"] = ["odd", "even", "odd"];
        OnlineColumn byCategory = Assert.Single(await workspace.ReadFeaturesAsync(
            new OnlineQuery(["user_category:plays"], ids, true)));
        EntityHistory history = await workspace.ExplainFeaturesAsync("user_category", "u1|odd", null, 3);

        Assert.Equal(12, byItem[0].Values[0].Value.Number);
        Assert.Equal(FeatureStatus.NotFound, byItem[0].Values[1].Status);
        Assert.Equal(FeatureStatus.NotFound, byItem[0].Values[2].Status);
        Assert.Equal(byItem[0].Values.Select(value => value.Value.Number), byCategory.Values.Select(value => value.Value.Number));
        Assert.Equal(12, history.Values.Single(value => value.Feature == "plays").Value.Number);
        Assert.Equal(3, history.Events.Count);
        ids.Remove("item.category");
        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            async () => await workspace.ReadFeaturesAsync(new OnlineQuery(["user_category:plays"], ids, true)));
        Assert.Equal("WSP061", refused.Fault.Code);
    }

    [Fact]
    public async Task Forget_RemovesEveryPairOfThePerson()
    {
        await using (TandemWorkspace workspace = await ServeAsync())
        {
            await workspace.MaterializeAsync([], wait: true);
            Assert.Equal(12, workspace.Features.Read("user_category", "plays", "u1|odd", _small.Clock.GetUtcNow()).Number);
        }

        await using (TandemWorkspace writer = await _small.OpenAsync())
        {
            await writer.ForgetAsync("user", "u1");
        }

        await using (TandemWorkspace again = await _small.OpenAsync())
        {
            await again.StartServingAsync();

            Assert.True(again.Features.Read("user_category", "plays", "u1|odd", _small.Clock.GetUtcNow()).IsNull);
            Assert.Equal(12, again.Features.Read("user_category", "plays", "u3|odd", _small.Clock.GetUtcNow()).Number);
            await again.MaterializeAsync([], wait: true);
        }

        Assert.DoesNotContain(
            Directory.GetFiles(_small.StoreFolder, "*", SearchOption.AllDirectories),
            path => Encoding.Latin1.GetString(File.ReadAllBytes(path)).Contains("u1|odd", StringComparison.Ordinal));
    }

    private static async Task AskAsync(TandemWorkspace workspace, int count)
    {
        for (int n = 0; n < count; n++)
        {
            await workspace.RecommendAsync(new RecommendRequest { UserId = $"u{n % 40}", Count = 3 });
        }
    }

    /// <summary>Plays go on, and things move from category to category.</summary>
    private async Task ChangeAsync(TandemWorkspace workspace, int count)
    {
        for (int n = 0; n < count; n++)
        {
            string line = n % 3 == 0 ? Row(n, n % 30, n % 2 == 0 ? "odd" : "even") : _small.Play(n % 40, n % 30, TimeSpan.FromSeconds(n));
            await workspace.IngestAsync([SmallWorkspace.Bytes(line)]);
        }
    }

    private static string Row(int n, int item, string category) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"id\":\"t-{n}-{item}\",\"type\":\"thing\",\"entities\":{{\"item\":\"v{item}\"}},\"time\":\"2026-01-01T00:00:00Z\",\"data\":{{\"category\":\"{category}\"}}}}");

    private async Task<TandemWorkspace> ServeAsync()
    {
        TandemWorkspace workspace = await _small.OpenAsync();
        await workspace.IngestAsync(
            [.. Enumerable.Range(0, 30).Select(item => SmallWorkspace.Bytes(Row(-1, item, item % 2 == 0 ? "even" : "odd")))]);
        await _small.RecordAsync(workspace);
        await workspace.CompactAsync();
        await workspace.TrainAsync(TrainingCause.Manual);
        await workspace.StartServingAsync();
        return workspace;
    }
}
