using Tandem.Learning.CoOccurrence;
using Tandem.Learning.Neighbours;
using Tandem.Learning.Popularity;

namespace Tandem.Learning.Markov;

/// <summary>Counts what follows what.</summary>
public static class MarkovTrainer
{
    /// <summary>Estimates the transitions.</summary>
    /// <param name="rows">Training rows, oldest first within a user.</param>
    /// <param name="options">Steps and smoothing.</param>
    /// <param name="context">Threads and progress.</param>
    /// <param name="cancellationToken">Stops between chunks of items.</param>
    /// <remarks>With n(a → b) the transitions from a to b, one at distance δ ≤ steps counting
    /// decay^(δ − 1)·2^(−age of b / half-life), and p the popularity: P(b | a) = (n(a → b) + s·p(b)) / (n(a) + s), the
    /// estimate under a Dirichlet prior (MacKay and Peto, <em>A Hierarchical Dirichlet Language Model</em>, 1995) of
    /// the chain of Rendle et al., <em>Factorizing Personalized Markov Chains</em>, 2010, section 3. Beyond the first
    /// order the last items answer together, each with its weight, as in a mixture of transitions (Raftery, 1985).
    /// O(rows·steps). The same bytes for any thread count.</remarks>
    public static MarkovModel Fit(
        Interactions rows, MarkovOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Steps, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HistoryLength, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Smoothing, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Neighbours, nameof(options));
        float[] weights = Ageing.WeighRows(rows, options.HalfLifeDays);
        float[] steps =
        [
            0, .. Enumerable.Range(0, options.Steps).Select(step => (float)Math.Pow(options.StepDecay, step)),
        ];
        ItemPositions positions = new(rows);

        void Gather(int item, RowAccumulator into)
        {
            foreach (int position in positions.Of(item))
            {
                int last = LastAfter(rows, positions.UserAt(position), position, options.Steps);
                for (int later = position + 1; later <= last; later++)
                {
                    into.Add(rows.Items[later], weights[later] * steps[later - position]);
                }
            }
        }

        double[] leaving = new double[rows.ItemCount];
        for (int position = 0; position < rows.Count; position++)
        {
            int last = LastAfter(rows, positions.UserAt(position), position, options.Steps);
            for (int later = position + 1; later <= last; later++)
            {
                leaving[rows.Items[position]] += weights[later] * steps[later - position];
            }
        }

        float[] factors = [.. leaving.Select(sum => sum > 0 ? (float)(1 / (sum + options.Smoothing)) : 0)];
        float[] ones = new float[rows.ItemCount];
        Array.Fill(ones, 1);
        float[] backOff = [.. leaving.Select(sum => sum > 0 ? (float)(options.Smoothing / (sum + options.Smoothing)) : 1)];
        return new MarkovModel(
            NeighbourTrainer.Build(
                Gather, factors, ones, options.Neighbours, ItemShares.CountAsTieBreak(rows), context,
                cancellationToken),
            backOff,
            options);
    }

    private static int LastAfter(Interactions rows, int user, int position, int steps) =>
        (int)Math.Min(rows.RowStarts[user + 1] - 1L, (long)position + steps);
}
