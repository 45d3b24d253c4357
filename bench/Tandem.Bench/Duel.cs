using System.Diagnostics;

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
    /// <param name="mostSeconds">No turn begins later than that; where not even one could, the warm-up counts.</param>
    /// <returns>The figure without name, unit and what is asked for.</returns>
    public static async Task<Figure> RunAsync(
        int rounds, Func<Task<double>> ours, Func<Task<double>> peer, CancellationToken cancellationToken,
        double mostSeconds = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(ours);
        ArgumentNullException.ThrowIfNull(peer);
        var watch = Stopwatch.StartNew();
        List<(double Value, double Peer)> turns = [(await ours(), await peer())];
        while (turns.Count <= rounds && watch.Elapsed.TotalSeconds < mostSeconds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            turns.Add((await ours(), await peer()));
        }

        if (turns.Count > 1)
        {
            turns.RemoveAt(0);
        }

        double[] ratios = [.. turns.Select(static turn => turn.Value / turn.Peer)];
        return new Figure
        {
            Name = "",
            Unit = "",
            Value = Median(turns.Select(static turn => turn.Value)),
            PeerValue = Median(turns.Select(static turn => turn.Peer)),
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
