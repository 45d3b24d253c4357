namespace Tandem.Learning;

/// <summary>Lists that were really shown after the training rows end, and what was chosen from them.</summary>
/// <remarks>Ranking all items on rows that a policy chose to show rewards whoever resembles that policy; ranking what
/// was shown asks only which of the items in front of somebody they wanted.</remarks>
public sealed record ShownLists
{
    /// <summary>User of each list, as an index of the split; rising.</summary>
    public required int[] Users { get; init; }

    /// <summary>Where each list begins, length lists + 1.</summary>
    public required int[] Starts { get; init; }

    /// <summary>The items shown, in the order of their places, as indices of the split, or -1 for one that no training row knows.</summary>
    public required int[] Items { get; init; }

    /// <summary>True where the item was chosen; length as <see cref="Items"/>.</summary>
    public required bool[] Chosen { get; init; }

    /// <summary>Number of lists.</summary>
    public int Count => Users.Length;
}
