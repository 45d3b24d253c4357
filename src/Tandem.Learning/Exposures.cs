namespace Tandem.Learning;

/// <summary>What was shown, chosen or not: without it a model cannot tell <em>unloved</em> from <em>unseen</em>.</summary>
/// <param name="Items">Item of each impression.</param>
/// <param name="AgeDays">Its age in days, as long.</param>
/// <param name="Looks">How likely its place was looked at, in (0, 1], as long: a place at the end of a list is overlooked
/// more often than the first.</param>
public sealed record Exposures(int[] Items, float[] AgeDays, float[] Looks)
{
    /// <summary>No impressions.</summary>
    public static Exposures None { get; } = new([], [], []);

    /// <summary>Number of impressions.</summary>
    public int Count => Items.Length;

    /// <summary>The impressions of at least an age, with ages counted from an earlier now.</summary>
    /// <param name="minimumDays">Younger ones are left out.</param>
    /// <param name="nowDays">How much earlier the new now is.</param>
    internal Exposures Before(double minimumDays, double nowDays)
    {
        List<int> items = new(Count);
        List<float> ages = new(Count);
        List<float> looks = new(Count);
        for (int i = 0; i < Count; i++)
        {
            if (AgeDays[i] >= minimumDays)
            {
                items.Add(Items[i]);
                ages.Add((float)(AgeDays[i] - nowDays));
                looks.Add(Looks[i]);
            }
        }

        return new Exposures([.. items], [.. ages], [.. looks]);
    }
}
