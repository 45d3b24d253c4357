using System.Text;
using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Monitoring.Alerts;

namespace Tandem.Monitoring.Tests.Alerts;

public sealed class AlertTests
{
    private static Alert Make(string key) => new()
    {
        Kind = AlertKind.DataDrift,
        Severity = AlertSeverity.Warning,
        What = "2 features moved.",
        Where = "video",
        Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Key = key,
        Evidence = new AlertEvidence
        {
            Measure = "largest distance",
            Effect = 0.25,
            P = 0.001,
            Rows = 1000,
            Reference = "3",
            Features = ["a", "b"],
        },
    };

    [Fact]
    public void ToEvent_ThenFromEvent_GivesTheSameAlert()
    {
        Alert alert = Make("k");

        EventRecord record = alert.ToEvent("acme");
        var read = Alert.FromEvent(record);

        Assert.Equal(("alert", "acme", "3"), (record.Type, record.Tenant, record.ModelVersion));
        Assert.Equal(alert.Time, record.EventTime);
        Assert.Equal(alert with { Evidence = read.Evidence }, read);
        Assert.Equal(alert.Evidence with { Features = read.Evidence.Features }, read.Evidence);
        Assert.Equal(alert.Evidence.Features, read.Evidence.Features);
    }

    [Fact]
    public void ToEvent_WritesTheDocumentedLine()
    {
        Assert.Equal(
            "{'kind':'data-drift','severity':'warning','what':'2 features moved.','where':'video',"
            + "'time':'2026-01-02T03:04:05+00:00','key':'k','evidence':{'measure':'largest distance','effect':0.25,"
            + "'p':0.001,'rows':1000,'reference':'3','features':['a','b']}}",
            Encoding.UTF8.GetString(Make("k").ToEvent().Data.Span).Replace('"', '\''));
    }

    [Fact]
    public void ToEvent_OfEqualKeys_HasEqualShortIds()
    {
        string id = Make(new string('k', 500)).ToEvent().Id;

        Assert.Equal(id, Make(new string('k', 500)).ToEvent().Id);
        Assert.NotEqual(id, Make("k").ToEvent().Id, StringComparer.Ordinal);
        Assert.InRange(id.Length, 1, 128);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"kind\":\"other\"}")]
    public void FromEvent_OfSomethingElse_SaysSo(string data)
    {
        EventRecord record = new() { Id = "e1", Type = "alert", Data = Encoding.UTF8.GetBytes(data) };

        TandemException refused = Assert.Throws<TandemException>(() => Alert.FromEvent(record));

        Assert.Equal("MON001", refused.Fault.Code);
        Assert.Equal("event e1", refused.Fault.Place);
    }

    [Theory]
    [InlineData(AlertKind.DataDrift, 0, "data-drift")]
    [InlineData(AlertKind.ConceptDrift, 1, "concept-drift")]
    [InlineData(AlertKind.Improvement, 2, "improvement")]
    [InlineData(AlertKind.Silence, 3, "silence")]
    [InlineData(AlertKind.Skew, 4, "skew")]
    public void AlertKind_KeepsItsNumberAndName(AlertKind kind, int number, string name)
    {
        Assert.Equal(number, (int)kind);
        Assert.Equal($"\"{name}\"", JsonSerializer.Serialize(kind));
    }

    [Theory]
    [InlineData(AlertSeverity.Notice, 0, "notice")]
    [InlineData(AlertSeverity.Warning, 1, "warning")]
    [InlineData(AlertSeverity.Critical, 2, "critical")]
    public void AlertSeverity_KeepsItsNumberAndName(AlertSeverity severity, int number, string name)
    {
        Assert.Equal(number, (int)severity);
        Assert.Equal($"\"{name}\"", JsonSerializer.Serialize(severity));
    }
}
