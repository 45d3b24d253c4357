namespace Tandem.Learning.Ranking;

/// <summary>How often the training rows hold each item.</summary>
internal sealed class ItemPopularity
{
    /// <summary>Number of groups of items by popularity: head, middle and tail.</summary>
    public const int GroupCount = 3;

    private const double HeadShare = 0.2;
    private const double TailShare = 0.8;

    public ItemPopularity(Interactions train)
    {
        Counts = new double[train.ItemCount];
        foreach (int item in train.Items)
        {
            Counts[item]++;
        }

        Surprise = [.. Counts.Select(count => Math.Log2(Math.Max(1, train.Count) / Math.Max(1, count)))];
        Groups = new int[train.ItemCount];
        int[] order = [.. Enumerable.Range(0, train.ItemCount)];
        Array.Sort(order, (a, b) => Counts[a] != Counts[b] ? Counts[b].CompareTo(Counts[a]) : a.CompareTo(b));
        double before = 0;
        foreach (int item in order)
        {
            Groups[item] = before < HeadShare * train.Count ? 0 : before < TailShare * train.Count ? 1 : 2;
            before += Counts[item];
        }
    }

    /// <summary>Rows of each item.</summary>
    public double[] Counts { get; }

    /// <summary>−log₂ of each item's share of the rows; an item without rows counts as if it had one.</summary>
    public double[] Surprise { get; }

    /// <summary>Group of each item: 0 for the most popular, which hold a fifth of all rows, 2 for the rarest, which hold
    /// the last fifth or none, 1 for those between.</summary>
    public int[] Groups { get; }
}
