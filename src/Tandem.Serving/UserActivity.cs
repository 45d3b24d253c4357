using Tandem.Features;

namespace Tandem.Serving;

/// <summary>What every user did, kept current by the stream: the positives that models score from, newest last, and all
/// items met. The online twin of the interactions that models are fitted on: the same label rule decides.</summary>
/// <remarks>Thread safe: users are spread over locked shards. Memory: 16 bytes a positive that is kept, and the sets of
/// items met.</remarks>
public sealed class UserActivity
{
    private const int ShardCount = 64;

    private readonly Shard[] _shards = new Shard[ShardCount];
    private readonly EntityIndex _items;
    private readonly int _historyLength;

    /// <summary>Starts empty.</summary>
    /// <param name="items">Numbers all item ids ever seen; grows.</param>
    /// <param name="historyLength">Positives kept of each user, at least 1.</param>
    public UserActivity(EntityIndex items, int historyLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(historyLength, 1);
        _items = items;
        _historyLength = historyLength;
        for (int i = 0; i < ShardCount; i++)
        {
            _shards[i] = new Shard();
        }
    }

    /// <summary>Users with at least one action.</summary>
    public long UserCount
    {
        get
        {
            long count = 0;
            foreach (Shard shard in _shards)
            {
                lock (shard.Gate)
                {
                    count += shard.Users.Count;
                }
            }

            return count;
        }
    }

    /// <summary>Takes note that a user met an item, and whether it was a positive. A late positive takes its place by
    /// time; one that is kept already changes nothing.</summary>
    /// <param name="user">User id.</param>
    /// <param name="item">Item id.</param>
    /// <param name="time">When it happened.</param>
    /// <param name="known">When it became known.</param>
    /// <param name="isPositive">True where the label rule says so.</param>
    /// <param name="id">Id of the event.</param>
    public void Add(
        string user, string item, DateTimeOffset time, DateTimeOffset known, bool isPositive, string id)
    {
        int index = _items.FindOrAdd(item);
        Shard shard = ShardOf(user);
        lock (shard.Gate)
        {
            if (!shard.Users.TryGetValue(user, out Activity? activity))
            {
                activity = new Activity();
                shard.Users.Add(user, activity);
            }

            activity.Seen.Add(index);
            if (isPositive && activity.TryAddPositive(
                index, time.UtcTicks, string.GetHashCode(id, StringComparison.Ordinal), _historyLength))
            {
                activity.LastKnown = Math.Max(activity.LastKnown, known.UtcTicks);
            }
        }
    }

    /// <summary>Copies a user's positives, oldest first.</summary>
    /// <param name="user">User id.</param>
    /// <param name="items">Receives item numbers of the shared index; room for the history length.</param>
    /// <param name="times">Receives UTC ticks of their event times, as long.</param>
    /// <param name="lastKnown">UTC ticks at which the latest of them to arrive became known.</param>
    /// <returns>How many; 0 for an unknown user.</returns>
    public int CopyPositives(string user, Span<int> items, Span<long> times, out long lastKnown)
    {
        lastKnown = 0;
        Shard shard = ShardOf(user);
        lock (shard.Gate)
        {
            if (!shard.Users.TryGetValue(user, out Activity? activity))
            {
                return 0;
            }

            int count = Math.Min(activity.Count, items.Length);
            lastKnown = activity.LastKnown;
            activity.Items.AsSpan(activity.Count - count, count).CopyTo(items);
            activity.Times.AsSpan(activity.Count - count, count).CopyTo(times);
            return count;
        }
    }

    /// <summary>Copies the items a user met, in no order.</summary>
    /// <param name="user">User id.</param>
    /// <param name="room">Gives room for a number of items.</param>
    /// <returns>How many were copied.</returns>
    internal int CopySeen(string user, Func<int, int[]> room)
    {
        Shard shard = ShardOf(user);
        lock (shard.Gate)
        {
            if (!shard.Users.TryGetValue(user, out Activity? activity))
            {
                return 0;
            }

            activity.Seen.CopyTo(room(activity.Seen.Count));
            return activity.Seen.Count;
        }
    }

    private Shard ShardOf(string user) =>
        _shards[(uint)string.GetHashCode(user, StringComparison.Ordinal) % ShardCount];

    private sealed class Shard
    {
        public Lock Gate { get; } = new();

        public Dictionary<string, Activity> Users { get; } = new(StringComparer.Ordinal);
    }

    private sealed class Activity
    {
        private int[] _ids = new int[4];

        public HashSet<int> Seen { get; } = [];

        public int[] Items { get; private set; } = new int[4];

        public long[] Times { get; private set; } = new long[4];

        public int Count { get; private set; }

        public long LastKnown { get; set; }

        /// <summary>False where the same event stands there already.</summary>
        public bool TryAddPositive(int item, long ticks, int id, int limit)
        {
            for (int i = 0; i < Count; i++)
            {
                if (_ids[i] == id && Items[i] == item)
                {
                    return false;
                }
            }

            int at = Count;
            while (at > 0 && Times[at - 1] > ticks)
            {
                at--;
            }

            if (Count == limit)
            {
                // The oldest makes room; what is older still has none.
                if (at > 0)
                {
                    Array.Copy(Items, 1, Items, 0, at - 1);
                    Array.Copy(Times, 1, Times, 0, at - 1);
                    Array.Copy(_ids, 1, _ids, 0, at - 1);
                    Put(at - 1, item, ticks, id);
                }

                return true;
            }

            if (Count == Items.Length)
            {
                Grow(Math.Min(limit, Count * 2));
            }

            Array.Copy(Items, at, Items, at + 1, Count - at);
            Array.Copy(Times, at, Times, at + 1, Count - at);
            Array.Copy(_ids, at, _ids, at + 1, Count - at);
            Put(at, item, ticks, id);
            Count++;
            return true;
        }

        private void Put(int at, int item, long ticks, int id)
        {
            Items[at] = item;
            Times[at] = ticks;
            _ids[at] = id;
        }

        private void Grow(int length)
        {
            int[] items = Items;
            long[] times = Times;
            Array.Resize(ref items, length);
            Array.Resize(ref times, length);
            Array.Resize(ref _ids, length);
            Items = items;
            Times = times;
        }
    }
}
