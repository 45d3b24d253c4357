using Tandem.Lake;

namespace Tandem.Features.Evaluation;

/// <summary>Interactions as they are read, in order of the log, on their way to sparse rows.</summary>
internal sealed class InteractionRows
{
    private const double MicrosPerDay = 86_400_000_000;
    private readonly bool _hasTimes;
    private readonly List<int> _users = [];
    private readonly List<int> _items = [];
    private readonly List<long> _times = [];
    private long? _now;

    public InteractionRows(bool hasTimes, DateTimeOffset? now)
    {
        _hasTimes = hasTimes;
        _now = now is null ? null : LakeTime.ToMicros(now.Value);
    }

    public void Add(int user, int item, long time)
    {
        _users.Add(user);
        _items.Add(item);
        if (_hasTimes)
        {
            _times.Add(time);
        }
    }

    /// <summary>Sorts by user, then time, then order of arrival.</summary>
    public (int[] Starts, int[] Items, long[] Times) Sort(int userCount)
    {
        int[] starts = new int[userCount + 1];
        foreach (int user in _users)
        {
            starts[user + 1]++;
        }

        for (int user = 0; user < userCount; user++)
        {
            starts[user + 1] += starts[user];
        }

        int[] items = new int[_items.Count];
        long[] times = new long[_times.Count];
        int[] next = starts[..userCount];
        for (int row = 0; row < items.Length; row++)
        {
            int place = next[_users[row]]++;
            items[place] = _items[row];
            if (_hasTimes)
            {
                times[place] = _times[row];
            }
        }

        for (int user = 0; user < userCount && _hasTimes; user++)
        {
            int length = starts[user + 1] - starts[user];
            SortByTime(times.AsSpan(starts[user], length), items.AsSpan(starts[user], length));
        }

        return (starts, items, times);
    }

    /// <summary>Ages in days before now, never negative.</summary>
    public float[] Ages(ReadOnlySpan<long> times)
    {
        long newest = long.MinValue;
        foreach (long time in times)
        {
            newest = Math.Max(newest, time);
        }

        long now = _now ??= newest;
        float[] ages = new float[times.Length];
        for (int i = 0; i < times.Length; i++)
        {
            ages[i] = (float)(Math.Max(0, now - times[i]) / MicrosPerDay);
        }

        return ages;
    }

    private static void SortByTime(Span<long> times, Span<int> items)
    {
        int sorted = 1;
        while (sorted < times.Length && times[sorted - 1] <= times[sorted])
        {
            sorted++;
        }

        if (sorted >= times.Length)
        {
            return;
        }

        // The place of arrival breaks ties, which makes an unstable sort stable.
        var keys = new (long Time, int Arrival)[times.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = (times[i], i);
        }

        Array.Sort(keys);
        int[] arrived = items.ToArray();
        for (int i = 0; i < keys.Length; i++)
        {
            times[i] = keys[i].Time;
            items[i] = arrived[keys[i].Arrival];
        }
    }
}
