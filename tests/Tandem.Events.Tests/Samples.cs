using System.Globalization;
using System.Text;

namespace Tandem.Events.Tests;

/// <summary>Events to write.</summary>
internal static class Samples
{
    public static DateTimeOffset Moment { get; } = new(2026, 1, 2, 3, 4, 5, 678, 901, TimeSpan.Zero);

    /// <summary>An event with every field.</summary>
    public static EventRecord Full => new()
    {
        Id = "0190b8a0-7c3e-7000-8000-000000000001",
        Type = "impression",
        Tenant = "acme",
        Entities = [new("user", "u1"), new("item", "Füße \"9\" 🎬")],
        EventTime = Moment,
        KnownTime = Moment + TimeSpan.FromMicroseconds(1),
        RequestId = "r-77",
        Position = 3,
        Propensity = 0.125f,
        ModelVersion = "ranker@12",
        Features = Json("""{"clicks_7d":4,"genre":["a","b"]}"""),
        Data = Json("""{"watched":12.5,"device":"tv"}"""),
    };

    /// <summary>An event with only what is required.</summary>
    public static EventRecord Small(int number) =>
        new() { Id = string.Create(CultureInfo.InvariantCulture, $"e{number}"), Type = "play" };

    public static EventRecord[] Many(int start, int count) => [.. Enumerable.Range(start, count).Select(Small)];

    public static string Ids(IEnumerable<EventRecord> events) => string.Join(' ', events.Select(record => record.Id));

    public static byte[] Json(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Text that two equal events share, since raw JSON compares by reference.</summary>
    public static string Text(EventRecord record)
    {
        System.Buffers.ArrayBufferWriter<byte> bytes = new();
        EventJson.Write(record, bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
