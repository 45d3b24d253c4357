namespace Tandem.Learning.Affinity;

/// <summary>Counts what was chosen lately, by group of items and by item, and how often of the times it was shown.</summary>
public static class AffinityTrainer
{
    /// <summary>Fits the model.</summary>
    /// <param name="rows">Training rows with times; without groups all items are one group.</param>
    /// <param name="options">Half-lives and smoothing.</param>
    /// <returns>The model. With c and e the decayed counts of an item chosen and looked at, C and E those of its group g:
    /// appeal(i) = (c + s·R(g)) / (e + s), drawn towards the group's rate R(g) = (C + 1) / (E + 10). Where nothing is known
    /// of what was shown, appeal(i) is the item's smoothed share of all that was chosen.</returns>
    /// <param name="cancellationToken">Stops between counting rows and counting impressions.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <remarks>O(rows + impressions + items).</remarks>
    public static AffinityModel Fit(
        Interactions rows, AffinityOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        int[] groups = rows.ItemGroups.Length > 0 ? rows.ItemGroups : new int[rows.ItemCount];
        double[] chosen = new double[rows.ItemCount];
        float[] weights = Ageing.WeighRows(rows, options.HalfLifeDays);
        for (int row = 0; row < rows.Count; row++)
        {
            chosen[rows.Items[row]] += weights[row];
        }

        cancellationToken.ThrowIfCancellationRequested();
        double[] groupChosen = SumByGroup(chosen, groups);
        double total = groupChosen.Sum() + groupChosen.Length;
        float[] shares = [.. groupChosen.Select(count => (float)((count + 1) / total))];
        float[] appeal = rows.Shown.Count > 0
            ? Rates(rows.Shown, groups, chosen, groupChosen, options)
            : Shares(groups, shares, chosen, groupChosen, options.ItemSmoothing);
        return new AffinityModel(groups, shares, appeal, options);
    }

    private static float[] Rates(
        Exposures shown, int[] groups, double[] chosen, double[] groupChosen, AffinityOptions options)
    {
        double[] exposed = new double[chosen.Length];
        for (int i = 0; i < shown.Count; i++)
        {
            exposed[shown.Items[i]] += shown.Looks[i] * Ageing.Decay(shown.AgeDays[i], options.HalfLifeDays);
        }

        double[] groupExposed = SumByGroup(exposed, groups);
        float[] rates = new float[chosen.Length];
        for (int item = 0; item < rates.Length; item++)
        {
            int group = groups[item];
            double prior = (groupChosen[group] + 1) / (groupExposed[group] + 10);
            rates[item] = (float)((chosen[item] + (options.ItemSmoothing * prior)) / (exposed[item] + options.ItemSmoothing));
        }

        return rates;
    }

    private static float[] Shares(
        int[] groups, float[] groupShares, double[] chosen, double[] groupChosen, double smoothing)
    {
        double[] groupItems = SumByGroup([.. Enumerable.Repeat(1.0, chosen.Length)], groups);
        float[] shares = new float[chosen.Length];
        for (int item = 0; item < shares.Length; item++)
        {
            int group = groups[item];
            double within = (chosen[item] + smoothing) / (groupChosen[group] + (smoothing * groupItems[group]));
            shares[item] = (float)(groupShares[group] * within);
        }

        return shares;
    }

    private static double[] SumByGroup(double[] values, int[] groups)
    {
        double[] sums = new double[groups.Max() + 1];
        for (int item = 0; item < values.Length; item++)
        {
            sums[groups[item]] += values[item];
        }

        return sums;
    }
}
