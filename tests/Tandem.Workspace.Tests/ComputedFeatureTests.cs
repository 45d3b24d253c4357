using System.Text;
using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Monitoring.Skew;
using Tandem.Registry;
using Tandem.Serving;

namespace Tandem.Workspace.Tests;

/// <summary>Features of the request in a whole system: asked, logged, trained on, compared.</summary>
public sealed class ComputedFeatureTests : IDisposable
{
    private readonly SmallWorkspace _small = new();

    public ComputedFeatureTests()
    {
        _small.Mend("  impression: [user, item]\n", string.Join('\n',
            "  impression:",
            "    entities: [user, item]",
            "    unknown_columns: refuse",
            "    columns:",
            "      slot: {type: text, max_length: 20}",
            "      lat: {type: number, min: -90, max: 90}",
            "      lon: {type: number, min: -180, max: 180}",
            ""));
        _small.Mend("features:\n", string.Join('\n',
            "features:",
            "  moment:",
            "    compute:",
            "      hour: hour(now)",
            "      on_tv: request.slot == \"tv\"",
            "      km: distance(request.lat, request.lon, 48.8566, 2.3522)",
            "      busy: user_activity:plays_7d * if(moment:on_tv, 2, 1)",
            "      what: cross(thing:category, request.slot)",
            ""));
    }

    public void Dispose() => _small.Dispose();

    [Fact]
    public async Task Answers_LogWhatRequestsSaid_AndAreComputedAgainWithoutSkew()
    {
        await using TandemWorkspace workspace = await ServeAsync();
        for (int n = 0; n < 120; n++)
        {
            await workspace.RecommendAsync(new RecommendRequest
            {
                UserId = $"u{n % 40}",
                Count = 3,
                Context = n % 3 == 0 ? default : Encoding.UTF8.GetBytes($$"""{"slot":"{{(n % 2 == 0 ? "tv" : "phone")}}","lat":{{n % 80}}.123456789,"lon":{{n}}}"""),
            });
        }

        await workspace.CompactAsync();
        DateTimeOffset now = _small.Clock.GetUtcNow();
        SkewReport report = (await workspace.ReportSkewAsync(now.AddHours(-1), now.AddHours(1)))!;

        Assert.Equal((0, 0), (report.Mismatched, report.LeftOut));
        Assert.Equal(360, report.Rows);
        Assert.Equal(
            ["moment:busy", "moment:hour", "moment:km", "moment:on_tv", "user_activity:plays_7d"],
            report.Features.Select(feature => feature.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        EventRecord shown = (await workspace.ReadLogAsync()).Last(record => record.Type == "impression");
        using var data = JsonDocument.Parse(shown.Data);
        using var features = JsonDocument.Parse(shown.Features);
        Assert.Equal("phone", data.RootElement.GetProperty("slot").GetString());
        Assert.Equal(0, features.RootElement.GetProperty("moment:on_tv").GetDouble());
        Assert.True(features.RootElement.GetProperty("moment:km").GetDouble() > 1000);
    }

    [Theory]
    [InlineData("""{"slot":1}""")]
    [InlineData("""{"lat":91}""")]
    [InlineData("""{"slt":"tv"}""")]
    [InlineData("""{"slot":"a text of more than twenty characters"}""")]
    [InlineData("""{"slot":"tv","slot":"tv"}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task RecommendAsync_WithAContextThatIsNotAllowed_IsRefusedAndLogsNothing(string context)
    {
        await using TandemWorkspace workspace = await ServeAsync();
        int before = (await workspace.ReadLogAsync()).Count;

        TandemException refused = await Assert.ThrowsAsync<TandemException>(async () => await workspace.RecommendAsync(
            new RecommendRequest { UserId = "u1", Context = Encoding.UTF8.GetBytes(context) }));

        Assert.Equal(FaultKind.Invalid, refused.Fault.Kind);
        Assert.Equal(before, (await workspace.ReadLogAsync()).Count);
    }

    [Fact]
    public async Task ReadFeatures_OfComputedFeatures_TakesIdsAndValuesOfTheRequestByRow()
    {
        await using TandemWorkspace workspace = await ServeAsync();
        OnlineQuery query = new(
            ["moment:busy", "moment:km", "moment:what", "user_activity:plays_7d", "moment:hour"],
            new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["user"] = ["u1", "u1"], ["item"] = ["v1", "v1"] },
            false)
        {
            Request = new Dictionary<string, IReadOnlyList<JsonElement>>(StringComparer.Ordinal)
            {
                ["slot"] = Values("\"tv\"", "null"),
                ["lat"] = Values("48.8566", "1"),
                ["lon"] = Values("2.3522", "null"),
            },
        };

        IReadOnlyList<OnlineColumn> columns = await workspace.ReadFeaturesAsync(query);

        double plays = columns[3].Values[0].Value.Number;
        Assert.Equal([2 * plays, plays], columns[0].Values.Select(value => value.Value.Number));
        Assert.Equal([0, double.NaN], columns[1].Values.Select(value => value.Value.Number));
        Assert.Equal(["odd|tv", null], columns[2].Values.Select(value => value.Value.Text), StringComparer.Ordinal);
        Assert.Equal(_small.Clock.GetUtcNow().UtcDateTime.Hour, columns[4].Values[1].Value.Number);
        OnlineQuery ofNobody = query with
        {
            Ids = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal),
        };
        TandemException thrown = await Assert.ThrowsAsync<TandemException>(
            async () => await workspace.ReadFeaturesAsync(ofNobody));
        Assert.Equal("WSP061", thrown.Fault.Code);
    }

    [Fact]
    public async Task Catalogue_ShowsTheExpressions_AndTheLookUpSaysWhatTheyRead()
    {
        await using TandemWorkspace workspace = await ServeAsync();

        FeatureViewEntry view = (await workspace.FeaturesAsync()).Views.Single(each => each.Name == "moment");
        TandemException refused = await Assert.ThrowsAsync<TandemException>(
            () => workspace.ExplainFeaturesAsync("moment", "u1", null, 10));

        Assert.Equal("user_activity:plays_7d * if(moment:on_tv, 2, 1)", view.Features.Single(each => each.Name == "busy").Definition);
        Assert.Equal(("user, item", ""), (view.Entity, view.Source));
        Assert.Equal("WSP070", refused.Fault.Code);
        Assert.Contains("request.slot", refused.Fault.Remedy, StringComparison.Ordinal);
    }

    private static JsonElement[] Values(params string[] texts) =>
        [.. texts.Select(text => JsonSerializer.Deserialize<JsonElement>(text))];

    private async Task<TandemWorkspace> ServeAsync()
    {
        TandemWorkspace workspace = await _small.OpenAsync();
        await _small.RecordAsync(workspace);
        await workspace.IngestAsync([Encoding.UTF8.GetBytes(
            """{"id":"t1","type":"thing","entities":{"item":"v1"},"time":"2026-01-01T00:00:00Z","data":{"category":"odd"}}""")]);
        await workspace.CompactAsync();
        await workspace.TrainAsync(TrainingCause.Manual);
        await workspace.StartServingAsync();
        return workspace;
    }
}
