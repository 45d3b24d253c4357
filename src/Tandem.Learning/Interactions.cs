namespace Tandem.Learning;

/// <summary>Who chose what, in order: the training data of item scorers. Rows are sorted by user, then by time or
/// position; a user may meet an item more than once.</summary>
public sealed record Interactions
{
    /// <summary>Number of users; user indices are 0 to this, exclusive.</summary>
    public required int UserCount { get; init; }

    /// <summary>Number of items; item indices are 0 to this, exclusive.</summary>
    public required int ItemCount { get; init; }

    /// <summary>Where each user's rows begin, length <see cref="UserCount"/> + 1.</summary>
    public required int[] RowStarts { get; init; }

    /// <summary>Item of each row, oldest first within a user.</summary>
    public required int[] Items { get; init; }

    /// <summary>Age of each row in days before <em>now</em> of the training set, ≥ 0; empty where times are
    /// unknown.</summary>
    public float[] AgeDays { get; init; } = [];

    /// <summary>Weight of each row, > 0; empty means 1 for all.</summary>
    public float[] Weights { get; init; } = [];

    /// <summary>Group of each item, such as its category, numbered from 0; empty where items are not grouped.</summary>
    public int[] ItemGroups { get; init; } = [];

    /// <summary>What was shown in the same time; none where impressions are not known.</summary>
    public Exposures Shown { get; init; } = Exposures.None;

    /// <summary>What is known of each item, one row an item; none where nothing is.</summary>
    public AttributeRows ItemAttributes { get; init; } = AttributeRows.None;

    /// <summary>What was known of items when the rows came; none where only <see cref="ItemAttributes"/> is known.</summary>
    public ItemStates Past { get; init; } = ItemStates.None;

    /// <summary>What was known of the user of each row just before it, one row each; none where nothing was.</summary>
    public AttributeRows UserAttributes { get; init; } = AttributeRows.None;

    /// <summary>Number of rows.</summary>
    public int Count => Items.Length;

    /// <summary>True where rows carry times.</summary>
    public bool HasTimes => AgeDays.Length > 0 || Count == 0;

    /// <summary>The items of one user, oldest first.</summary>
    /// <param name="user">User index.</param>
    public ReadOnlySpan<int> ItemsOf(int user) => Items.AsSpan(RowStarts[user], RowStarts[user + 1] - RowStarts[user]);

    /// <summary>The ages of one user's rows, or empty where times are unknown.</summary>
    /// <param name="user">User index.</param>
    public ReadOnlySpan<float> AgesOf(int user) =>
        AgeDays.Length == 0 ? [] : AgeDays.AsSpan(RowStarts[user], RowStarts[user + 1] - RowStarts[user]);
}
