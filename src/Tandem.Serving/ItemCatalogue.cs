using Tandem.Features;

namespace Tandem.Serving;

/// <summary>The items as they are now: their ids, and the text columns that requests filter and rules count
/// by.</summary>
/// <remarks>One writer at a time, many readers. A column holds one number an item, the code of its value.</remarks>
public sealed class ItemCatalogue
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AttributeColumn> _columns;
    private readonly List<int> _withRow = [];
    private readonly HashSet<int> _changed = [];
    private bool[] _hasRow = [];
    private volatile bool[] _deleted = [];
    private volatile int _deletedCount;
    private volatile int _deletions;

    /// <summary>Starts empty.</summary>
    /// <param name="columns">Text columns of the item table.</param>
    public ItemCatalogue(IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = columns.ToDictionary(column => column, _ => new AttributeColumn(), StringComparer.Ordinal);
    }

    /// <summary>Ids of all items ever seen, by number.</summary>
    public EntityIndex Items { get; } = new();

    /// <summary>Names of the columns.</summary>
    public IReadOnlyCollection<string> Columns => _columns.Keys;

    /// <summary>Sets a value of an item.</summary>
    /// <param name="item">Item id.</param>
    /// <param name="column">One of <see cref="Columns"/>; others are ignored.</param>
    /// <param name="value">The value.</param>
    public void Set(string item, string column, string value)
    {
        lock (_gate)
        {
            int index = Items.FindOrAdd(item);
            if (_columns.TryGetValue(column, out AttributeColumn? attribute))
            {
                attribute.Set(index, value);
            }
        }
    }

    /// <summary>Takes an item's row: it stands for the item as a whole.</summary>
    /// <param name="item">Item id.</param>
    /// <param name="columns">Columns of the row's table; those that are not among <see cref="Columns"/> are
    /// ignored.</param>
    /// <param name="values">Their values, null where the row has none.</param>
    /// <param name="isDeleted">True where the row says that the item is gone: it is not recommended until another row
    /// comes.</param>
    public void Put(string item, IReadOnlyList<string> columns, ReadOnlySpan<string?> values, bool isDeleted)
    {
        ArgumentNullException.ThrowIfNull(columns);
        lock (_gate)
        {
            int index = Items.FindOrAdd(item);
            MarkChanged(index);
            SetDeleted(index, isDeleted);
            for (int i = 0; i < values.Length; i++)
            {
                if (_columns.TryGetValue(columns[i], out AttributeColumn? attribute))
                {
                    attribute.Set(index, values[i]);
                }
            }
        }
    }

    /// <summary>True where any item is gone.</summary>
    internal bool HasDeleted => _deletedCount > 0;

    /// <summary>Changes whenever an item goes or comes back.</summary>
    internal int Deletions => _deletions;

    /// <summary>Whether each item is gone, by item number; may be shorter than the catalogue.</summary>
    internal ReadOnlySpan<bool> Deleted => _deleted;

    /// <summary>Finds a column.</summary>
    /// <param name="name">Its name.</param>
    internal AttributeColumn? Find(string name) => _columns.GetValueOrDefault(name);

    /// <summary>Gives the numbers of the items that have a row.</summary>
    internal int[] WithRow()
    {
        lock (_gate)
        {
            return [.. _withRow];
        }
    }

    /// <summary>Gives the numbers of the items whose row came or changed since it was last asked.</summary>
    internal int[] TakeChanged()
    {
        lock (_gate)
        {
            int[] changed = [.. _changed];
            _changed.Clear();
            return changed;
        }
    }

    private void MarkChanged(int index)
    {
        if (index >= _hasRow.Length)
        {
            Array.Resize(ref _hasRow, Math.Max(index + 1, _hasRow.Length * 2));
        }

        if (!_hasRow[index])
        {
            _hasRow[index] = true;
            _withRow.Add(index);
        }

        _changed.Add(index);
    }

    private void SetDeleted(int index, bool isDeleted)
    {
        bool[] deleted = _deleted;
        if (index >= deleted.Length)
        {
            if (!isDeleted)
            {
                return;
            }

            deleted = new bool[Math.Max(index + 1, deleted.Length * 2)];
            _deleted.CopyTo(deleted, 0);
            _deleted = deleted;
        }

        if (deleted[index] != isDeleted)
        {
            deleted[index] = isDeleted;
            _deletedCount += isDeleted ? 1 : -1;
            _deletions++;
        }
    }

    /// <summary>One text column as codes.</summary>
    internal sealed class AttributeColumn
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _codes =
            new(StringComparer.Ordinal);

        private volatile int[] _byItem = [];

        /// <summary>Code of each item's value by item number, -1 where there is none; may be shorter than the
        /// catalogue.</summary>
        public ReadOnlySpan<int> ByItem => _byItem;

        /// <summary>Code of a value, or -1 where no item has it.</summary>
        public int CodeOf(string value) => _codes.GetValueOrDefault(value, -1);

        /// <summary>Sets the value of one item, null for none; the caller holds the catalogue's lock.</summary>
        public void Set(int item, string? value)
        {
            int code = value is null ? -1 : _codes.GetOrAdd(value, static (_, count) => count, _codes.Count);
            int[] codes = _byItem;
            if (item >= codes.Length)
            {
                int[] larger = new int[Math.Max(item + 1, codes.Length * 2)];
                Array.Fill(larger, -1);
                codes.CopyTo(larger, 0);
                larger[item] = code;
                _byItem = larger;
                return;
            }

            codes[item] = code;
        }
    }
}
