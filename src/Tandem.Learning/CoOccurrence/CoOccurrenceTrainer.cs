using Tandem.Learning.Neighbours;
using Tandem.Learning.Popularity;

namespace Tandem.Learning.CoOccurrence;

/// <summary>Finds which items follow one another.</summary>
public static class CoOccurrenceTrainer
{
    /// <summary>Counts pairs of items that lie near each other in a user's sequence.</summary>
    /// <param name="rows">Training rows, oldest first within a user.</param>
    /// <param name="options">Reach and weights.</param>
    /// <param name="context">Threads and progress.</param>
    /// <param name="cancellationToken">Stops between chunks of items.</param>
    /// <remarks>For items a before b at distance δ ≤ reach, pair (a, b) gains w/δ and pair (b, a) gains backward·w/δ,
    /// with w = 2^(−age of b / half-life). At the end each pair is divided by √(nₐ + shrinkage)·√(n_b + shrinkage), n
    /// the count of rows. O(rows·reach). The same bytes for any thread count.</remarks>
    public static CoOccurrenceModel Fit(
        Interactions rows, CoOccurrenceOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Reach, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HistoryLength, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Neighbours, nameof(options));
        float[] weights = Ageing.WeighRows(rows, options.HalfLifeDays);
        ItemPositions positions = new(rows);
        float[] factors = new float[rows.ItemCount];
        for (int item = 0; item < factors.Length; item++)
        {
            double divisor = positions.CountOf(item) + options.CountShrinkage;
            factors[item] = divisor > 0 ? (float)(1 / Math.Sqrt(divisor)) : 0;
        }

        float[] steps = [0, .. Enumerable.Range(1, options.Reach).Select(distance => 1f / distance)];
        float backward = (float)options.BackwardWeight;

        void Gather(int item, RowAccumulator into)
        {
            foreach (int position in positions.Of(item))
            {
                int user = positions.UserAt(position);
                int first = Math.Max(rows.RowStarts[user], position - options.Reach);
                int last = (int)Math.Min(rows.RowStarts[user + 1] - 1L, (long)position + options.Reach);
                for (int earlier = first; backward > 0 && earlier < position; earlier++)
                {
                    into.Add(rows.Items[earlier], backward * weights[position] * steps[position - earlier]);
                }

                for (int later = position + 1; later <= last; later++)
                {
                    into.Add(rows.Items[later], weights[later] * steps[later - position]);
                }
            }
        }

        return new CoOccurrenceModel(
            NeighbourTrainer.Build(
                Gather, factors, options.Neighbours, ItemShares.CountAsTieBreak(rows), context, cancellationToken),
            options);
    }
}
