using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Spec;

namespace Tandem.Bench.Sets;

/// <summary>Events and labels of sixty days, and three views that look at the newest event of a key.</summary>
/// <remarks>No two events happen at once, and each is known a second later: the query that is written by hand would be
/// wrong otherwise.</remarks>
internal static class LabelledSystem
{
    private const long SpanMicros = 60L * 24 * 60 * 60 * 1_000_000;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Key of each view, and the age at which its values expire; in the order of a set's features.</summary>
    public static IReadOnlyList<(string Key, TimeSpan Age)> Views { get; } =
        [("device", TimeSpan.FromHours(6)), ("item", TimeSpan.FromDays(2)), ("user", TimeSpan.FromDays(7))];

    /// <summary>What each view reads.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["fraction", "seconds"];

    /// <summary>The moment of the set: behind everything.</summary>
    public static DateTimeOffset AsOf { get; } = Start.AddDays(61);

    /// <summary>The events' table in the lake.</summary>
    public static LakeTable Table { get; } = new()
    {
        Name = "play",
        Entities = [.. Views.Select(static view => view.Key)],
        Columns = [.. Columns.Select(static column => new LakeColumn(column, LakeType.Number))],
    };

    /// <summary>The features, a view for each key.</summary>
    public static FeatureSet Features { get; } = FeatureSet.Create(FeatureView.CompileAll(new SystemSpec
    {
        Name = "bench",
        Objective = new ObjectiveSpec { Task = "retrieval", Label = new LabelSpec { Event = "play" } },
        Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal)
        {
            ["play"] = new()
            {
                Entities = Table.Entities,
                Columns = Columns.ToDictionary(
                    static name => name, static _ => new ColumnSpec { Type = ColumnType.Number }, StringComparer.Ordinal),
            },
        },
        Features = Views.ToDictionary(
            static view => $"by_{view.Key}",
            static view => new FeatureViewSpec
            {
                Entity = view.Key,
                Source = "play",
                TimeToLive = view.Age,
                Aggregates = [.. Columns.Select(static c => new AggregateSpec { Name = c, Operator = "last", Column = c })],
            },
            StringComparer.Ordinal),
    }));

    /// <summary>The event of a number, of so many.</summary>
    public static EventRecord Event(long number, long count)
    {
        DateTimeOffset happened = Start.AddMicroseconds(SpanMicros / count * number);
        return new EventRecord
        {
            Id = number.ToString("x", CultureInfo.InvariantCulture),
            Type = Table.Name,
            Entities = [.. Keys(number, count).Zip(Views, static (id, view) => new EntityKey(view.Key, id))],
            EventTime = happened,
            KnownTime = happened.AddSeconds(1),
            Data = Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"fraction":0.{{number % 89 + 10}},"seconds":{{number % 977 / 10.0}}}""")),
        };
    }

    /// <summary>The labels' rows.</summary>
    public static Spine Labels(long count, long eventCount)
    {
        string[][] ids = [.. Views.Select(_ => new string[count])];
        long[] times = new long[count];
        for (long row = 0; row < count; row++)
        {
            ulong hash = Hash((ulong)row + 1_000_000_007);
            times[row] = ((Start - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond) +
                (long)(hash % SpanMicros);
            string[] keys = Keys((long)(Hash(hash) % (ulong)eventCount), eventCount);
            for (int view = 0; view < ids.Length; view++)
            {
                ids[view][row] = keys[view];
            }
        }

        return new Spine
        {
            Entities = Table.Entities,
            Ids = ids,
            Times = times,
            Labels = [.. times.Select(static time => (float)(time & 1))],
        };
    }

    private static string[] Keys(long number, long count) =>
    [
        Key('d', number + 11, count / 1000), Key('i', number + 7, count / 250), Key('u', number, count / 100),
    ];

    private static string Key(char kind, long number, long count) => string.Create(
        CultureInfo.InvariantCulture, $"{kind}{Hash((ulong)number) % (ulong)Math.Max(1, count)}");

    // SplitMix64.
    private static ulong Hash(ulong number)
    {
        ulong z = (number * 3) + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
