namespace Tandem.Events;

/// <summary>The ids appended last, so that an event sent again soon is not appended again.</summary>
internal sealed class RecentIds(int capacity)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();

    /// <summary>Remembers an id, forgetting the oldest where there are too many.</summary>
    /// <returns>False where it was remembered already.</returns>
    public bool Add(string id)
    {
        if (capacity == 0)
        {
            return true;
        }

        if (!_ids.Add(id))
        {
            return false;
        }

        _oldestFirst.Enqueue(id);
        if (_oldestFirst.Count > capacity)
        {
            _ids.Remove(_oldestFirst.Dequeue());
        }

        return true;
    }
}
