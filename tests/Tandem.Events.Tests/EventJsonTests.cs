using System.Text;
using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Events.Tests;

public sealed class EventJsonTests
{
    [Fact]
    public void Write_OfEveryField_GivesTheGoldenLine()
    {
        string golden = File.ReadAllText(Path.Combine(SharedData.Root, "tests/Tandem.Events.Tests/Golden/event.jsonl"));

        Assert.Equal(golden, Samples.Text(Samples.Full) + "\n" + Samples.Text(Samples.Small(1)) + "\n");
    }

    [Fact]
    public void Read_OfWhatWasWritten_GivesEveryFieldBack()
    {
        EventRecord read = EventJson.Read(Samples.Json(Samples.Text(Samples.Full)));

        Assert.Equal(Samples.Full.Entities, read.Entities);
        Assert.Equal(Samples.Full.Features.ToArray(), read.Features.ToArray());
        Assert.Equal(Samples.Full.Data.ToArray(), read.Data.ToArray());
        EventRecord expected = Samples.Full with { Entities = [], Features = default, Data = default };
        Assert.Equal(expected, read with { Entities = expected.Entities, Features = default, Data = default });
    }

    [Fact]
    public void Read_OfASmallEvent_LeavesTheRestEmpty()
    {
        EventRecord read = EventJson.Read("""{"type":"play","id":"e1"}"""u8);

        Assert.Equal(new EventRecord { Id = "e1", Type = "play", Entities = read.Entities }, read);
        Assert.Empty(read.Entities);
    }

    [Fact]
    public void Write_OfRawJsonOnSeveralLines_PutsItOnOne()
    {
        EventRecord pretty = Samples.Small(1) with { Data = Samples.Json("{\n\t\"a\": \"x y\\n\",\r\n \"b\": [1,\n2]\n}") };

        string line = Samples.Text(pretty);

        Assert.DoesNotContain('\n', line);
        Assert.EndsWith("""
            "data":{"a": "x y\n", "b": [1,2]}}
            """, line, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OfTimesFinerThanAMicrosecond_CutsThem()
    {
        EventRecord fine = Samples.Small(1) with { EventTime = Samples.Moment + TimeSpan.FromTicks(9) };

        EventRecord read = EventJson.Read(Samples.Json(Samples.Text(fine)));

        Assert.Equal(Samples.Moment, read.EventTime);
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05.678901Z", "2026-01-02T03:04:05.6789010")]
    [InlineData("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.0000000")]
    [InlineData("2026-01-02T03:04:05.6Z", "2026-01-02T03:04:05.6000000")]
    [InlineData("2026-01-02T03:04:05.678901999Z", "2026-01-02T03:04:05.6789010")]
    [InlineData("2026-01-02T03:04:05+02:30", "2026-01-02T00:34:05.0000000")]
    [InlineData("2025-12-31T23:04:05.5-01:00", "2026-01-01T00:04:05.5000000")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.0000000")]
    public void Read_OfMoments_GivesUtcMicroseconds(string text, string expected)
    {
        EventRecord read = EventJson.Read(Samples.Json($$"""{"id":"e","type":"t","time":"{{text}}"}"""));

        Assert.Equal(expected, read.EventTime!.Value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", null));
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05")]
    [InlineData("2026-01-02 03:04:05Z")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-01-01T24:00:00Z")]
    [InlineData("2026-01-01T00:00:60Z")]
    [InlineData("2026-01-01T00:00:00.Z")]
    [InlineData("2026-01-01T00:00:00.1234567890Z")]
    [InlineData("2026-01-01T00:00:00+15:00")]
    [InlineData("2026-01-01T00:00:00z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("+026-01-01T00:00:00Z")]
    [InlineData("")]
    public void Read_OfNoMoment_SaysWhatAMomentIs(string text)
    {
        Assert.False(EventJson.TryRead(Samples.Json($$"""{"id":"e","type":"t","time":"{{text}}"}"""), out _, out Fault? fault));

        Assert.Equal("EVT002", fault.Code);
        Assert.Contains("2026-01-31T23:59:59.123456Z", fault.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EVT001", "")]
    [InlineData("EVT001", "null")]
    [InlineData("EVT001", "[]")]
    [InlineData("EVT001", "{\"id\":\"e\"")]
    [InlineData("EVT001", """{"id":"e","type":"t"} x""")]
    [InlineData("EVT001", """{"id":"e","type":"t"}{}""")]
    [InlineData("EVT001", """{"id":"e","type":"t",}""")]
    [InlineData("EVT001", """{"id":"e","type":"t"/*c*/}""")]
    [InlineData("EVT001", """{"id":"e","id":"e","type":"t"}""")]
    [InlineData("EVT001", """{"id":"e","type":"t","typ":"u"}""")]
    [InlineData("EVT001", """{"id":"\ud800","type":"t"}""")]
    [InlineData("EVT001", """{"id":"e","type":"t","propensity":NaN}""")]
    [InlineData("EVT002", """{}""")]
    [InlineData("EVT002", """{"id":"e"}""")]
    [InlineData("EVT002", """{"type":"t"}""")]
    [InlineData("EVT002", """{"id":"","type":"t"}""")]
    [InlineData("EVT002", """{"id":7,"type":"t"}""")]
    [InlineData("EVT002", """{"id":null,"type":"t"}""")]
    [InlineData("EVT002", """{"id":"a\u0000b","type":"t"}""")]
    [InlineData("EVT002", """{"id":"a\nb","type":"t"}""")]
    [InlineData("EVT002", """{"id":"a\u0085b","type":"t"}""")]
    [InlineData("EVT002", """{"id":"e","type":"../up"}""")]
    [InlineData("EVT002", """{"id":"e","type":"-t"}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","tenant":"a/b"}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","entities":[]}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","entities":{"user":1}}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","entities":{"user":""}}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","entities":{"":"u"}}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","entities":{"user":"a","user":"b"}}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","position":0}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","position":1.5}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","position":99999999999}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","propensity":0}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","propensity":1.01}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","propensity":1e999}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","data":[1]}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","data":{"a":1,"a":2}}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","data":{"a":1e999}}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","data":{"a":"\u0000"}}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","data":{"a":"x\\\ud83dy"}}""")]
    [InlineData("EVT002", """{"id":"e","type":"t","data":{"\udc00":1}}""")]
    [InlineData("EVT003", """{"id":"e","type":"t","data":{"a":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}}""")]
    public void Read_OfWhatIsNotAllowed_NamesTheFault(string code, string json)
    {
        Assert.False(EventJson.TryRead(Samples.Json(json), out _, out Fault? fault));

        Assert.Equal(code, fault.Code);
    }

    [Fact]
    public void Read_OfTheDeepestNesting_Passes()
    {
        byte[] json = Samples.Json("""{"id":"e","type":"t","data":{"a":[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}}""");

        Assert.Equal("e", EventJson.Read(json).Id);
    }

    [Fact]
    public void Read_OfEscapedPairsAndQuotes_Passes()
    {
        EventRecord read = EventJson.Read("""{"id":"e","type":"t","data":{"a":"\\u0000 \"\ud83d\ude00\\"}}"""u8);

        Assert.Equal("""{"a":"\\u0000 \"\ud83d\ude00\\"}""", Encoding.UTF8.GetString(read.Data.Span));
    }

    [Fact]
    public void Read_OfInvalidUtf8_IsRefused()
    {
        byte[] json = [.. "{\"id\":\"e\",\"type\":\"t\",\"data\":{\"a\":\""u8, 0xC3, 0x28, .. "\"}}"u8];

        Assert.False(EventJson.TryRead(json, out _, out Fault? fault));
        Assert.Equal("EVT001", fault.Code);
    }

    [Theory]
    [InlineData(EventLimits.MaxIdLength, "id")]
    [InlineData(EventLimits.MaxNameLength, "type")]
    [InlineData(EventLimits.MaxEntityIdLength, "entity")]
    [InlineData(EventLimits.MaxIdLength, "request")]
    public void Write_AtTheLimitAndBeyond_PassesAndIsRefused(int limit, string field)
    {
        EventRecord Make(int length) => field switch
        {
            "id" => Samples.Small(1) with { Id = new string('x', length) },
            "type" => Samples.Small(1) with { Type = new string('x', length) },
            "entity" => Samples.Small(1) with { Entities = [new("user", new string('x', length))] },
            _ => Samples.Small(1) with { RequestId = new string('x', length) },
        };

        Samples.Text(Make(limit));
        TandemException refused = Assert.Throws<TandemException>(() => Samples.Text(Make(limit + 1)));

        Assert.Equal("EVT003", refused.Fault.Code);
    }

    [Fact]
    public void Write_OfTooMuchData_IsRefused()
    {
        byte[] data = Samples.Json($$"""{"a":"{{new string('x', EventLimits.MaxDataBytes)}}"}""");

        TandemException refused = Assert.Throws<TandemException>(() => Samples.Text(Samples.Small(1) with { Data = data }));

        Assert.Equal("EVT003", refused.Fault.Code);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("1")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":NaN}")]
    public void Write_OfRawTextThatIsNoObject_WritesNothing(string data)
    {
        System.Buffers.ArrayBufferWriter<byte> bytes = new();

        Assert.Throws<TandemException>(() => EventJson.Write(Samples.Small(1) with { Data = Samples.Json(data) }, bytes));

        Assert.Equal(0, bytes.WrittenCount);
    }

    [Fact]
    public void Write_OfHalfASurrogatePair_IsRefused()
    {
        EventRecord half = Samples.Small(1) with { Id = "x\ud83d" };

        TandemException refused = Assert.Throws<TandemException>(() => Samples.Text(half));

        Assert.Equal("EVT002", refused.Fault.Code);
    }
}
