using Tandem.Events;

namespace Tandem.Worlds.Tests;

/// <summary>A list as it was shown, and what came of each place.</summary>
internal sealed class ShownList
{
    public const int Length = 10;

    public ShownList(Visit visit)
    {
        Visit = visit;
    }

    public Visit Visit { get; }

    public int[] Items { get; init; } = new int[Length];

    public bool[] Played { get; } = new bool[Length];

    public bool[] Satisfied { get; } = new bool[Length];

    /// <summary>Reads the lists of some days from the history's events.</summary>
    public static List<ShownList> FromHistory(VideoWorld world, int firstDay, int dayCount)
    {
        Dictionary<string, ShownList> byRequest = new(StringComparer.Ordinal);
        for (int day = firstDay; day < firstDay + dayCount; day++)
        {
            foreach (Visit visit in world.Visits(day))
            {
                byRequest.Add(FormattableString.Invariant($"h{visit.Day}-{visit.Index}"), new ShownList(visit));
            }
        }

        foreach (EventRecord made in world.History(firstDay, dayCount))
        {
            if (made.RequestId is { } request)
            {
                byRequest[request].Add(world, made);
            }
        }

        return [.. byRequest.Values];
    }

    /// <summary>Shows a list and watches what comes of it.</summary>
    public static ShownList Serve(VideoWorld world, Visit visit, int[] items)
    {
        ShownList list = new(visit) { Items = items };
        foreach (EventRecord made in world.React(visit, items, "r"))
        {
            list.Add(world, made);
        }

        return list;
    }

    private void Add(VideoWorld world, EventRecord made)
    {
        int place = made.Position!.Value - 1;
        switch (made.Type)
        {
            case "impression":
                Items[place] = world.FindItem(made.Entities[1].Id);
                break;
            case "play":
                Played[place] = true;
                Satisfied[place] |= Made.Number(made, "watch_fraction") >= 0.5;
                break;
            case "like":
                Satisfied[place] = true;
                break;
            default:
                break;
        }
    }
}
