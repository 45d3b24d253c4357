namespace Tandem.Learning.CoOccurrence;

/// <summary>Where in the rows each item stands, and whose row that is.</summary>
internal sealed class ItemPositions
{
    private readonly int[] _starts;
    private readonly int[] _positions;
    private readonly int[] _users;

    public ItemPositions(Interactions rows)
    {
        _starts = new int[rows.ItemCount + 1];
        _positions = new int[rows.Count];
        _users = new int[rows.Count];
        foreach (int item in rows.Items)
        {
            _starts[item + 1]++;
        }

        for (int item = 0; item < rows.ItemCount; item++)
        {
            _starts[item + 1] += _starts[item];
        }

        int[] next = _starts.AsSpan(0, rows.ItemCount).ToArray();
        for (int user = 0; user < rows.UserCount; user++)
        {
            for (int row = rows.RowStarts[user]; row < rows.RowStarts[user + 1]; row++)
            {
                _positions[next[rows.Items[row]]++] = row;
                _users[row] = user;
            }
        }
    }

    public int CountOf(int item) => _starts[item + 1] - _starts[item];

    public ReadOnlySpan<int> Of(int item) => _positions.AsSpan(_starts[item], CountOf(item));

    public int UserAt(int position) => _users[position];
}
