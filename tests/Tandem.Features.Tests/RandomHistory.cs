using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Numerics;

namespace Tandem.Features.Tests;

/// <summary>Random events with ties, nulls, late arrivals and duplicates, in order of the log.</summary>
internal static class RandomHistory
{
    public const int Users = 6;
    public const int Items = 5;
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="random">Source of chance.</param>
    /// <param name="count">Events, duplicates not counted.</param>
    /// <param name="isInKnownOrder">False to shuffle the log, as imports do.</param>
    public static List<EventRecord> Events(ref SeededRandom random, int count, bool isInKnownOrder)
    {
        var events = new List<EventRecord>();
        for (int i = 0; i < count; i++)
        {
            events.Add(Event(ref random, i));
        }

        for (int i = events.Count - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (events[i], events[j]) = (events[j], events[i]);
        }

        if (isInKnownOrder)
        {
            events = [.. events.OrderBy(e => e.KnownTime)];
        }

        return events;
    }

    /// <summary>Repeats some events with times later in the log, under the same id.</summary>
    public static List<EventRecord> WithDuplicates(ref SeededRandom random, List<EventRecord> events)
    {
        var log = new List<EventRecord>();
        foreach (EventRecord record in events)
        {
            log.Add(record);
            EventRecord again = log[Math.Max(0, log.Count - 1 - random.NextInt(5))];
            if (random.NextInt(10) == 0 && again.EventTime is not null)
            {
                log.Add(again with { KnownTime = record.KnownTime });
            }
        }

        return log;
    }

    private static EventRecord Event(ref SeededRandom random, int number)
    {
        // Coarse steps make ties; hops and window edges are multiples of them.
        DateTimeOffset time = Start.AddMinutes(random.NextInt(20 * 24 * 6) * 10);
        TimeSpan lag = random.NextInt(4) switch
        {
            0 => TimeSpan.Zero,
            1 => TimeSpan.FromMinutes(10 * random.NextInt(4)),
            2 => TimeSpan.FromSeconds(random.NextDouble()),
            _ => random.NextInt(5) == 0 ? TimeSpan.FromHours(random.NextInt(90)) : TimeSpan.FromMinutes(1),
        };
        string user = "u" + random.NextInt(Users).ToString(CultureInfo.InvariantCulture);
        string item = "i" + random.NextInt(Items).ToString(CultureInfo.InvariantCulture);
        int kind = random.NextInt(10);
        string type = kind == 0 ? "items" : kind == 1 ? "check_in" : "play";
        return new EventRecord
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"e{number}"),
            Type = type,
            Entities = type == "items" ? [new("item", item)] : [new("user", user), new("item", item)],
            EventTime = type == "check_in" ? null : time,
            KnownTime = new DateTimeOffset((time + lag).UtcTicks / 10 * 10, TimeSpan.Zero),
            Data = Encoding.UTF8.GetBytes(type switch
            {
                "items" => ItemRow(ref random),
                "play" => Play(ref random),
                _ => "",
            }),
        };
    }

    private static string ItemRow(ref SeededRandom random) => random.NextInt(5) == 0
        ? "{}"
        : string.Create(CultureInfo.InvariantCulture,
            $$"""{"price":{{random.NextInt(1000) / 100.0}},"genre":"g{{random.NextInt(3)}}"}""");

    private static string Play(ref SeededRandom random)
    {
        var cells = new List<string>();
        if (random.NextInt(8) != 0)
        {
            cells.Add(string.Create(CultureInfo.InvariantCulture, $"\"seconds\":{0.1 + random.NextInt(100) / 10.0}"));
        }

        if (random.NextInt(3) != 0)
        {
            cells.Add(random.NextInt(2) == 0 ? "\"liked\":true" : "\"liked\":false");
        }

        if (random.NextInt(3) != 0)
        {
            cells.Add($"\"device\":\"{(random.NextInt(2) == 0 ? "tv" : "ph\\u00f6ne")}\"");
        }

        if (random.NextInt(3) != 0)
        {
            cells.Add(string.Create(CultureInfo.InvariantCulture, $"\"rank\":{random.NextInt(50)}"));
            cells.Add("\"started\":\"2026-01-01T00:00:00.123456Z\"");
        }

        return "{" + string.Join(',', cells) + "}";
    }
}
