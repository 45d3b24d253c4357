using System.Text.Json;
using Tandem.Events;

namespace Tandem.Worlds.Tests;

/// <summary>Small worlds for tests, and ways to look at their events.</summary>
internal static class Made
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>About 1,000 users, 1,500 videos and 7,000 events a day.</summary>
    public static readonly WorldOptions Small = new() { Scale = 0.05 };

    public static VideoWorld World(WorldOptions? options = null) => new(options ?? Small);

    public static JsonElement Data(EventRecord made)
    {
        using var document = JsonDocument.Parse(made.Data);
        return document.RootElement.Clone();
    }

    public static double Number(EventRecord made, string column) => Data(made).GetProperty(column).GetDouble();

    /// <summary>Fails unless two streams hold the same events in the same order.</summary>
    public static void AssertSame(IEnumerable<EventRecord> expected, IEnumerable<EventRecord> actual)
    {
        Assert.Equal(expected.Select(Text), actual.Select(Text), StringComparer.Ordinal);
    }

    /// <summary>Everything in an event as one text.</summary>
    public static string Text(EventRecord made)
    {
        return FormattableString.Invariant($"{made.Id}|{made.Type}|{string.Join(',', made.Entities)}|")
            + FormattableString.Invariant($"{made.EventTime:O}|{made.KnownTime:O}|{made.RequestId}|{made.Position}|")
            + FormattableString.Invariant($"{made.Propensity:R}|{System.Text.Encoding.UTF8.GetString(made.Data.Span)}");
    }
}
