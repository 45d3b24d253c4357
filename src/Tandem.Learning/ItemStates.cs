namespace Tandem.Learning;

/// <summary>What was known of items at moments of the past. The time of the rows is cut into periods; a state is one item as
/// of the beginning of one period, as a model that was made then would have known it.</summary>
/// <remarks>Immutable by convention: the arrays are not copied.</remarks>
public sealed record ItemStates
{
    /// <summary>No states: all that is known of items is as of one moment.</summary>
    public static ItemStates None { get; } = new()
    {
        Items = [],
        Periods = [],
        Attributes = AttributeRows.None,
        Chosen = [],
        Drawn = [],
    };

    /// <summary>Item of each state.</summary>
    public required int[] Items { get; init; }

    /// <summary>Period of each state, numbered from 0, as long.</summary>
    public required int[] Periods { get; init; }

    /// <summary>What was known, one row a state.</summary>
    public required AttributeRows Attributes { get; init; }

    /// <summary>For each row of the interactions, the state of its item in the row's period.</summary>
    public required int[] Chosen { get; init; }

    /// <summary>For each row, a state of an item that was drawn evenly from all, in the row's period.</summary>
    public required int[] Drawn { get; init; }

    /// <summary>True where there are none.</summary>
    public bool IsNone => Items.Length == 0;

    /// <summary>The states as some of the rows know them.</summary>
    /// <param name="rows">Numbers of the rows, in the order given.</param>
    internal ItemStates Take(int[] rows) => IsNone ? this : this with
    {
        Chosen = [.. rows.Select(row => Chosen[row])],
        Drawn = [.. rows.Select(row => Drawn[row])],
    };

    /// <exception cref="ArgumentException">They do not fit the rows.</exception>
    internal void ThrowUnlessSound(Interactions rows)
    {
        bool fits = IsNone
            || (Periods.Length == Items.Length && Chosen.Length == rows.Count && Drawn.Length == rows.Count
                && !Items.AsSpan().ContainsAnyExceptInRange(0, rows.ItemCount - 1)
                && !Periods.AsSpan().ContainsAnyExceptInRange(0, Items.Length - 1)
                && !Chosen.AsSpan().ContainsAnyExceptInRange(0, Items.Length - 1)
                && !Drawn.AsSpan().ContainsAnyExceptInRange(0, Items.Length - 1)
                && Enumerable.Range(0, rows.Count).All(row =>
                    Items[Chosen[row]] == rows.Items[row] && Periods[Chosen[row]] == Periods[Drawn[row]])
                && Attributes.SparseCount == rows.ItemAttributes.SparseCount
                && Attributes.DenseCount == rows.ItemAttributes.DenseCount);
        if (!fits)
        {
            throw new ArgumentException(
                "States must name the item of each row and one of the same period, with the attributes of items.", nameof(rows));
        }

        Attributes.ThrowUnlessSound(nameof(Attributes), Items.Length);
    }
}
