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
    /// <remarks>For items a before b at distance δ ≤ reach, pair (a, b) gains w·δ^(−ε) and pair (b, a) gains
    /// backward·w·δ^(−ε), with w = m^(−γ)·2^(−age of b / half-life) and m the count of the user's rows. At
    /// the end pair (a, b) is divided by (nₐ + shrinkage)^α·(n_b + shrinkage)^κ, n the count of an item's rows. O(rows·reach). The same bytes for any thread
    /// count.</remarks>
    public static CoOccurrenceModel Fit(
        Interactions rows, CoOccurrenceOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Reach, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HistoryLength, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Neighbours, nameof(options));
        float[] weights = Ageing.WeighRows(rows, options.HalfLifeDays);
        ItemPositions positions = new(rows);
        float[] asked = Factors(positions, rows.ItemCount, options.CountShrinkage, options.AskedExponent);
        float[] answers = Factors(positions, rows.ItemCount, options.CountShrinkage, options.CountExponent);
        for (int user = 0; options.LengthExponent > 0 && user < rows.UserCount; user++)
        {
            Span<float> own = weights.AsSpan(rows.RowStarts[user], rows.ItemsOf(user).Length);
            Numerics.Kernel.Scale((float)Math.Pow(Math.Max(1, own.Length), -options.LengthExponent), own);
        }

        float[] steps =
        [
            0,
            .. Enumerable.Range(1, options.Reach)
                .Select(distance => (float)Math.Pow(distance, -options.DistanceExponent)),
        ];
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
                Gather, asked, answers, options.Neighbours, ItemShares.CountAsTieBreak(rows), context, cancellationToken),
            options);
    }

    private static float[] Factors(ItemPositions positions, int itemCount, double shrinkage, double exponent)
    {
        float[] factors = new float[itemCount];
        for (int item = 0; item < factors.Length; item++)
        {
            double divisor = positions.CountOf(item) + shrinkage;
            factors[item] = divisor > 0 ? (float)Math.Pow(divisor, -exponent) : 0;
        }

        return factors;
    }
}
