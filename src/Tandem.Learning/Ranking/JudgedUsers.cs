namespace Tandem.Learning.Ranking;

/// <summary>The users of a split that can be judged, and the items that count as right for each: the distinct test
/// items outside the history.</summary>
internal sealed class JudgedUsers
{
    private readonly int[] _starts;
    private readonly int[] _items;

    public JudgedUsers(DataSplit split)
    {
        // The last user who met an item, plus one; 0 stands for nobody.
        int[] seen = new int[split.Test.ItemCount];
        List<int> users = [];
        List<int> starts = [0];
        List<int> items = [];
        for (int user = 0; user < split.Test.UserCount; user++)
        {
            int mark = user + 1;
            foreach (int item in split.History.ItemsOf(user))
            {
                seen[item] = mark;
            }

            foreach (int item in split.Test.ItemsOf(user))
            {
                if (seen[item] != mark)
                {
                    seen[item] = mark;
                    items.Add(item);
                }
            }

            if (items.Count > starts[^1])
            {
                users.Add(user);
                starts.Add(items.Count);
            }
        }

        Users = [.. users];
        _starts = [.. starts];
        _items = [.. items];
    }

    /// <summary>User indices, rising.</summary>
    public int[] Users { get; }

    /// <summary>Number of right items over all users.</summary>
    public int RowCount => _items.Length;

    /// <summary>The right items of one judged user.</summary>
    /// <param name="index">Index into <see cref="Users"/>.</param>
    public ReadOnlySpan<int> RightItems(int index) =>
        _items.AsSpan(_starts[index], _starts[index + 1] - _starts[index]);
}
