using Tandem.Learning.Inputs;
using Tandem.Numerics;

namespace Tandem.Learning.TwoTower;

/// <summary>Rows as the towers read them: an example is one row, its user as it was just before, and its item in the state it
/// had then. Where no states are known, each item has one.</summary>
internal sealed class TwoTowerExamples
{
    private readonly Interactions _rows;
    private readonly TwoTowerOptions _options;
    private readonly float[] _recency;
    private readonly int[] _userOf;
    private readonly bool[] _isMet;

    public TwoTowerExamples(Interactions rows, TwoTowerOptions options)
    {
        _rows = rows;
        _options = options;
        UserInputs = new TowerInputs(
            options.UserIds ? rows.UserCount : 0, options.HistoryLength > 0 ? rows.ItemCount : 0,
            rows.UserAttributes.SparseCount, rows.UserAttributes.DenseCount,
            ReadsPast(options) ? rows.ItemAttributes.SparseCount : 0, ReadsPast(options) ? rows.ItemAttributes.DenseCount : 0,
            TowerInputs.NeedsConstant(options, rows.UserAttributes));
        ItemInputs = new TowerInputs(
            options.ItemIds || rows.ItemAttributes.IsNone ? rows.ItemCount : 0, 0, rows.ItemAttributes.SparseCount,
            rows.ItemAttributes.DenseCount, 0, 0, TowerInputs.NeedsConstant(options, rows.ItemAttributes));
        _recency = RecencyOf(options);
        _isMet = new bool[rows.ItemCount];
        foreach (int item in rows.Items)
        {
            _isMet[item] = true;
        }

        _userOf = new int[rows.Count];
        for (int user = 0; user < rows.UserCount; user++)
        {
            _userOf.AsSpan(rows.RowStarts[user]..rows.RowStarts[user + 1]).Fill(user);
        }
    }

    public Interactions Rows => _rows;

    public TowerInputs UserInputs { get; }

    public TowerInputs ItemInputs { get; }

    /// <summary>Weight of the last item of a history, of the one before it, and so on.</summary>
    public static float[] RecencyOf(TwoTowerOptions options)
    {
        float[] weights = new float[options.HistoryLength];
        for (int back = 0; back < weights.Length; back++)
        {
            weights[back] = (float)Math.Pow(options.RecencyDecay, back);
        }

        return weights;
    }

    public int UserOf(int row) => _userOf[row];

    /// <summary>How many states of items there are.</summary>
    public int StateCount => _rows.Past.IsNone ? _rows.ItemCount : _rows.Past.Items.Length;

    /// <summary>The state of a row's own item.</summary>
    public int StateOf(int row) => _rows.Past.IsNone ? _rows.Items[row] : _rows.Past.Chosen[row];

    public int ItemOf(int state) => _rows.Past.IsNone ? state : _rows.Past.Items[state];

    public int PeriodOf(int state) => _rows.Past.IsNone ? 0 : _rows.Past.Periods[state];

    /// <summary>Draws a state of an item evenly: from all items, and from the periods as often as rows have them.</summary>
    public int DrawState(ReadOnlySpan<int> rows, ref SeededRandom random) => _rows.Past.IsNone
        ? random.NextInt(_rows.ItemCount)
        : _rows.Past.Drawn[rows[random.NextInt(rows.Length)]];

    /// <summary>What the user had chosen when an ordered row came.</summary>
    public ReadOnlySpan<int> HistoryOf(int row) => _rows.Items.AsSpan(_rows.RowStarts[_userOf[row]]..row);

    /// <summary>Adds the user of a row. Its own item is never among the inputs by way of the row itself.</summary>
    /// <param name="row">The row.</param>
    /// <param name="random">Draws what is left out.</param>
    /// <param name="entries">Receives the entries, and their end.</param>
    public void AddUser(int row, ref SeededRandom random, EntryRows entries)
    {
        int before = entries.Count;
        if (_options.IsOrdered)
        {
            ReadOnlySpan<int> history = HistoryOf(row);
            int count = Math.Min(history.Length, _recency.Length);
            float total = Kernel.Sum(_recency.AsSpan(0, count));
            for (int back = 0; back < count; back++)
            {
                AddPast(history[history.Length - 1 - back], _recency[back] / total, ref random, entries);
            }
        }
        else
        {
            AddOthers(row, ref random, entries);
        }

        UserInputs.AddAttributes(_rows.UserAttributes.Row(row), 0, entries);
        AddId(UserInputs, _userOf[row], entries.Count > before, ref random, entries);
        entries.EndRow();
    }

    /// <summary>Adds an item as it is known now.</summary>
    public void AddItem(int item, ref SeededRandom random, EntryRows entries) =>
        AddItem(item, _rows.ItemAttributes.Row(item), ref random, entries);

    /// <summary>Adds an item in one of its states.</summary>
    public void AddState(int state, ref SeededRandom random, EntryRows entries) => AddItem(
        ItemOf(state), _rows.Past.IsNone ? _rows.ItemAttributes.Row(state) : _rows.Past.Attributes.Row(state), ref random,
        entries);

    /// <summary>Adds an item. The id of one that no row meets is left out: as a negative alone it would only learn to be
    /// bad.</summary>
    private void AddItem(int item, in FeatureRows attributes, ref SeededRandom random, EntryRows entries)
    {
        int before = entries.Count;
        ItemInputs.AddAttributes(attributes, 0, entries);
        if (_isMet[item])
        {
            AddId(ItemInputs, item, entries.Count > before, ref random, entries);
        }

        entries.EndRow();
    }

    private void AddId(TowerInputs inputs, int id, bool hasMore, ref SeededRandom random, EntryRows entries)
    {
        if (!hasMore || random.NextSingle() >= _options.IdDropout)
        {
            inputs.AddId(id, entries);
        }
    }

    /// <summary>Adds one item of the history: by its attributes, and by itself, which is left out as often as an id.</summary>
    private void AddPast(int item, float weight, ref SeededRandom random, EntryRows entries)
    {
        bool hasMore = UserInputs.ReadsHistoryAttributes;
        if (hasMore)
        {
            UserInputs.AddHistoryAttributes(_rows.ItemAttributes.Row(item), 0, weight, entries);
        }

        if (!hasMore || random.NextSingle() >= _options.IdDropout)
        {
            UserInputs.AddHistory(item, weight, entries);
        }
    }

    private static bool ReadsPast(TwoTowerOptions options) => options.HistoryFeatures && options.HistoryLength > 0;

    /// <summary>Where rows have no order: the user's other rows, or as many of them as a history may have.</summary>
    private void AddOthers(int row, ref SeededRandom random, EntryRows entries)
    {
        int first = _rows.RowStarts[_userOf[row]];
        int others = _rows.RowStarts[_userOf[row] + 1] - first - 1;
        int count = Math.Min(others, _options.HistoryLength);
        for (int i = 0; i < count; i++)
        {
            int other = first + (others <= _options.HistoryLength ? i : random.NextInt(others));
            AddPast(_rows.Items[other < row ? other : other + 1], 1f / count, ref random, entries);
        }
    }
}
