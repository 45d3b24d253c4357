using System.Text;
using System.Text.Json;
using Tandem.Faults;
using Tandem.Numerics;
using Tandem.Spec;

namespace Tandem.Workspace.Tests;

public sealed class CloudEventReaderTests
{
    private static readonly SystemSpec Spec = SpecFile.Parse(
        """
        name: small
        objective: {task: retrieval, label: {event: play}}
        sources:
          play: {entities: [user, item], columns: {watch_fraction: number}}
          login: {entities: [user]}
        """, "tandem.yaml", WorkspaceVocabulary.Build()).Spec!;

    private readonly CloudEventReader _reader = new(Spec);

    [Fact]
    public void Translate_GivesEachAttributeItsPlace()
    {
        string line = Translate(
            """
            {"specversion":"1.0","id":"77","source":"/web","type":"com.example.play","time":"2026-01-02T03:04:05+02:00",
             "subject":"u1","item":"v9","request":"r1","position":2,"traceparent":"00-1",
             "datacontenttype":"application/json","data":{"watch_fraction":0.5,"more":[1]}}
            """);

        // The id's tail: the first 8 bytes of the SHA-256 of "/web", by sha256sum.
        Assert.Equal(
            """{"id":"77@a1fc82d7c86f4dda","type":"play","entities":{"user":"u1","item":"v9"}""" +
            ""","time":"2026-01-02T03:04:05+02:00","request":"r1","position":2,"data":{"watch_fraction":0.5,"more":[1]}}""",
            line);
    }

    [Theory]
    [InlineData(""","user":"u","item":"v" """, "u", "v")]
    [InlineData(""","user":17,"item":"v" """, "17", "v")]
    [InlineData(""","data":{"user":"u","item":"v"}""", "u", "v")]
    [InlineData(""","subject":"v","user":"u" """, "u", "v")]
    [InlineData(""","subject":"u","data":{"item":"v"}""", "u", "v")]
    [InlineData(""","subject":"u" """, "u", null)]
    public void Translate_FindsEntitiesInAttributesDataAndSubject(string more, string user, string? item)
    {
        string line = Translate($$"""{"specversion":"1.0","id":"1","source":"s","type":"play"{{more}}}""");

        using var json = JsonDocument.Parse(line);
        JsonElement entities = json.RootElement.GetProperty("entities");
        Assert.Equal(user, entities.GetProperty("user").GetString());
        Assert.Equal(item, entities.TryGetProperty("item", out JsonElement found) ? found.GetString() : null);
        Assert.False(json.RootElement.TryGetProperty("data", out JsonElement data) && data.TryGetProperty("user", out _));
    }

    [Fact]
    public void Translate_OfOneIdFromTwoSources_GivesTwoEvents()
    {
        string a = Translate("""{"specversion":"1.0","id":"1","source":"a","type":"login","subject":"u"}""");
        string b = Translate("""{"specversion":"1.0","id":"1","source":"b","type":"login","subject":"u"}""");
        string again = Translate("""{"type":"login","subject":"u","specversion":"1.0","id":"1","source":"a"}""");

        Assert.NotEqual(a, b, StringComparer.Ordinal);
        Assert.Equal(a, again);
    }

    [Theory]
    [InlineData("7", "not a JSON object")]
    [InlineData("{", "")]
    [InlineData("""{"id":"1","source":"s","type":"play"}""", "'specversion'")]
    [InlineData("""{"specversion":"0.3","id":"1","source":"s","type":"play"}""", "'specversion'")]
    [InlineData("""{"specversion":"1.0","source":"s","type":"play"}""", "'id'")]
    [InlineData("""{"specversion":"1.0","id":"","source":"s","type":"play"}""", "'id'")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"play"}""", "'source'")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s"}""", "'type'")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"play","data":[1]}""", "'data'")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"play","data_base64":"aa"}""", "'data_base64'")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"play","datacontenttype":"text/xml"}""", "text/xml")]
    [InlineData("""{"specversion":"1.0","id":"1","id":"2","source":"s","type":"play"}""", "")]
    [InlineData("""{"specversion":"1.0","id":"\ud800","source":"s","type":"play"}""", "")]
    public void Translate_OfWhatIsNone_SaysWhy(string json, string why)
    {
        _reader.Translate(Encoding.UTF8.GetBytes(json), out Fault? fault);

        Assert.Equal("WSP020", fault?.Code);
        Assert.Contains(why, fault!.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Translate_OfRandomlyBrokenEvents_NeverThrows()
    {
        const ulong Seed = 11;
        byte[] whole = Encoding.UTF8.GetBytes(
            """{"specversion":"1.0","id":"1","source":"s","type":"play","time":"x","subject":"u","data":{"a":[{"b":"\u00e4"}]}}""");
        SeededRandom random = new(Seed);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] broken = [.. whole];
            for (int n = 1 + random.NextInt(3); n > 0; n--)
            {
                broken[random.NextInt(broken.Length)] = (byte)random.NextInt(256);
            }

            ReadOnlyMemory<byte> line = _reader.Translate(broken, out Fault? fault);

            Assert.True(line.IsEmpty == (fault is not null), $"Seed {Seed}, round {round}");
        }
    }

    private string Translate(string json)
    {
        ReadOnlyMemory<byte> line = _reader.Translate(Encoding.UTF8.GetBytes(json), out Fault? fault);
        Assert.Null(fault);
        return Encoding.UTF8.GetString(line.Span);
    }
}
