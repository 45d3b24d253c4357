namespace Tandem.Bench;

/// <summary>Measures two things in turns, so that both meet the same noise of the machine, and compares them round by
/// round.</summary>
public static class Duel
{
    /// <summary>Runs ours and the peer once to warm up, then in turns.</summary>
    /// <param name="rounds">How many turns each.</param>
    /// <param name="ours">Measures ours once.</param>
    /// <param name="peer">Measures the peer once.</param>
    /// <param name="cancellationToken">Stops between two measurements.</param>
    /// <returns>The figure without name, unit and what is asked for.</returns>
    public static async Task<Figure> RunAsync(
        int rounds, Func<Task<double>> ours, Func<Task<double>> peer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ours);
        ArgumentNullException.ThrowIfNull(peer);
        await ours();
        await peer();
        double[] values = new double[rounds];
        double[] peers = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            values[i] = await ours();
            peers[i] = await peer();
        }

        double[] ratios = [.. values.Zip(peers, static (value, other) => value / other)];
        return new Figure
        {
            Name = "",
            Unit = "",
            Value = Median(values),
            PeerValue = Median(peers),
            Ratio = Median(ratios),
            RatioRange = [ratios.Min(), ratios.Max()],
        };
    }

    /// <summary>The middle value, or the mean of the two middle ones.</summary>
    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
