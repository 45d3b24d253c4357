namespace Tandem.Events;

/// <summary>The ids appended last, so that an event sent again soon is not appended again. Ids are compared as they
/// stand in their lines.</summary>
/// <remarks>Two tables take turns: when the newer is full, the older is emptied and takes over. So at least
/// <paramref name="capacity"/> ids are remembered, at most twice as many and one group. Not thread safe.</remarks>
/// <param name="capacity">Ids to remember; 0 remembers none.</param>
internal sealed class RecentIds(int capacity)
{
    private IdTable _newer = new();
    private IdTable _older = new();
    private int _groupStart;

    /// <summary>Begins a group of ids that <see cref="ForgetGroup"/> may take back.</summary>
    public void BeginGroup()
    {
        if (_newer.Count >= capacity)
        {
            (_newer, _older) = (_older, _newer);
            _newer.CutTo(0);
        }

        _groupStart = _newer.Count;
    }

    /// <summary>Remembers an id.</summary>
    /// <returns>False where it was remembered already.</returns>
    public bool Add(ReadOnlySpan<byte> id, int hash) =>
        capacity == 0 || (!_older.Contains(id, hash) && _newer.TryAdd(id, hash));

    /// <summary>Forgets the ids of the group: their events could not be written, and will be sent again.</summary>
    public void ForgetGroup() => _newer.CutTo(_groupStart);
}
