using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tandem.Events.Tests;

/// <summary>Against the framework's writer, which knows nothing of plain texts.</summary>
public sealed class EventEncoderTests
{
    private static readonly string[] Texts =
    [
        "u1", " ", "~", "\"", "\\", "a\"b", "<&>'+/", "ü", "é\u0301", "日本", "🎬", "\ue000", "\ufeff", "\uffff", "\u2028", "\u00a0",
        "0190b8a0-7c3e-7000-8000-000000000001",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Write_OfAnyEvent_EqualsTheFrameworksWriter(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 3_000; round++)
        {
            EventRecord record = Any(random);
            ArrayBufferWriter<byte> bytes = new();

            (int idLength, int knownAt) = EventEncoder.Write(record, bytes);

            string expected = ByFramework(record);
            string actual = Encoding.UTF8.GetString(bytes.WrittenSpan);
            Assert.True(expected == actual, $"Seed {seed}, round {round}:\n{expected}\n{actual}");
            Assert.Equal(LineId.Of(bytes.WrittenSpan).Length, idLength);
            Assert.Equal(Moment(record.KnownTime), Encoding.UTF8.GetString(
                bytes.WrittenSpan.Slice(knownAt, EventTime.Length)));
        }
    }

    /// <summary>Every part at its limit, each character at its longest escape.</summary>
    [Fact]
    public void Write_OfTheLongestEvent_HasRoom()
    {
        string longest = new('\ue000', EventLimits.MaxIdLength);
        string name = new('n', EventLimits.MaxNameLength - 2);
        EventRecord record = new()
        {
            Id = longest,
            Type = name,
            Tenant = name,
            Entities = [.. Enumerable.Range(10, EventLimits.MaxEntityCount)
                .Select(i => new EntityKey($"{name}{i}", new string('\ue000', EventLimits.MaxEntityIdLength)))],
            EventTime = DateTimeOffset.MaxValue,
            KnownTime = DateTimeOffset.MaxValue,
            RequestId = longest,
            Position = int.MaxValue,
            Propensity = 1.17549435E-38f,
            ModelVersion = longest,
            Features = Samples.Json("{}"),
            Data = Samples.Json("{}"),
        };

        Assert.Equal(ByFramework(record), Samples.Text(record));
    }

    private static string ByFramework(EventRecord record)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(
            bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("id", record.Id);
            json.WriteString("type", record.Type);
            json.WriteString("tenant", record.Tenant);
            if (record.Entities.Count > 0)
            {
                json.WriteStartObject("entities");
                foreach (EntityKey entity in record.Entities)
                {
                    json.WriteString(entity.Entity, entity.Id);
                }

                json.WriteEndObject();
            }

            if (record.EventTime is { } time)
            {
                json.WriteString("time", Moment(time));
            }

            json.WriteString("known", Moment(record.KnownTime));
            if (record.RequestId is not null)
            {
                json.WriteString("request", record.RequestId);
            }

            if (record.Position is { } position)
            {
                json.WriteNumber("position", position);
            }

            if (record.Propensity is { } propensity)
            {
                json.WriteNumber("propensity", propensity);
            }

            if (record.ModelVersion is not null)
            {
                json.WriteString("model", record.ModelVersion);
            }

            WriteRaw(json, "features", record.Features);
            WriteRaw(json, "data", record.Data);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, ReadOnlyMemory<byte> value)
    {
        if (!value.IsEmpty)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(Encoding.UTF8.GetString(value.Span).ReplaceLineEndings("").Replace("\t", "", StringComparison.Ordinal));
        }
    }

    private static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString(
        "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static EventRecord Any(Random random) => new()
    {
        Id = Text(random),
        Type = "play",
        Tenant = random.Next(2) == 0 ? "default" : "a-b_9",
        Entities = [.. Enumerable.Range(0, random.Next(4)).Select(i => new EntityKey($"e{i}", Text(random)))],
        EventTime = random.Next(2) == 0 ? null : Time(random),
        KnownTime = random.Next(2) == 0 ? default : Time(random),
        RequestId = random.Next(2) == 0 ? null : Text(random),
        Position = random.Next(2) == 0 ? null : random.Next(1, int.MaxValue),
        Propensity = random.Next(2) == 0 ? null : MathF.Pow(10, -40 * random.NextSingle()),
        ModelVersion = random.Next(2) == 0 ? null : Text(random),
        Features = random.Next(2) == 0 ? default : Samples.Json("{\r\n\t\"a\": [1, 2.50],\n\"ü\\n\":\"🎬\"}"),
        Data = random.Next(2) == 0 ? default : Samples.Json("""{"watched":12.5,"device":"tv"}"""),
    };

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Texts[random.Next(Texts.Length)]));

    private static DateTimeOffset Time(Random random) =>
        new(random.NextInt64(DateTime.MaxValue.Ticks), TimeSpan.Zero);
}
