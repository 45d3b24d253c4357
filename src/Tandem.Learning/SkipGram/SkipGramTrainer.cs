using Tandem.Faults;
using Tandem.Learning.Descent;
using Tandem.Learning.Popularity;
using Tandem.Numerics;

namespace Tandem.Learning.SkipGram;

/// <summary>Learns vectors of items from what lies near them in sessions.</summary>
public static class SkipGramTrainer
{
    /// <summary>Number of the stream that draws an epoch's pairs, apart from those of the cells.</summary>
    private const ulong PairStream = 1UL << 60;

    /// <summary>Fits the vectors.</summary>
    /// <param name="rows">Training rows, oldest first within a user.</param>
    /// <param name="options">Settings.</param>
    /// <param name="context">Seed, threads, progress.</param>
    /// <param name="cancellationToken">Stops between blocks of pairs.</param>
    /// <exception cref="TandemException">LRN017: the steps were too long.</exception>
    /// <remarks>Maximises ln σ(x·y) of an item's vector x and its context's y, plus Σ ln σ(−x·y′) over items drawn
    /// against it: Mikolov et al., <em>Distributed Representations of Words and Phrases</em>, 2013, for items as in
    /// Barkan and Koenigstein, <em>Item2Vec</em>, 2016, and with negatives from the item's own market as in Grbovic and
    /// Cheng, <em>Real-time Personalization using Embeddings for Search Ranking at Airbnb</em>, 2018. In each epoch
    /// every row meets one other at a distance drawn from 1 to reach, in both directions. Pairs are taken in the cells
    /// of blocks dealt anew each epoch, and negatives are drawn from the block of the context, so that threads never
    /// meet and the bytes are the same for any number of them. O(epochs·rows·negatives·k).</remarks>
    public static SkipGramModel Fit(
        Interactions rows, SkipGramOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Factors, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Reach, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Negatives, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MarketNegatives, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.LearningRate, nameof(options));
        int[] lasts = LastsOfSessions(rows, options.SessionGapDays);
        Matrix vectors = Draw(rows, options.Factors, context.Seed);
        Matrix contexts = new(rows.ItemCount, options.Factors);
        Strata strata = new(rows.ItemCount, rows.ItemCount, context.Seed);
        NegativeItems negatives = new(rows, options.CountExponent);
        int marketNegatives = rows.ItemGroups.Length > 0 ? options.MarketNegatives : 0;
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            (int[] items, int[] nears) = DrawPairs(rows, lasts, options.Reach, context.Seed, epoch);
            float rate = (float)(options.LearningRate * (1 - ((double)epoch / options.Epochs)));
            strata.Deal(epoch);
            negatives.Prepare(strata);
            strata.Run(
                items,
                nears,
                context.ThreadCount,
                () => new SkipGramStep(vectors, contexts),
                (SkipGramStep step, ReadOnlySpan<int> pairs, int block, ref SeededRandom random) =>
                {
                    foreach (int pair in pairs)
                    {
                        step.Start(items[pair]);
                        step.Move(nears[pair], isNear: true, rate);
                        for (int i = 0; i < options.Negatives + marketNegatives; i++)
                        {
                            int other = i < options.Negatives
                                ? negatives.Draw(block, ref random)
                                : negatives.DrawOfGroup(items[pair], block, ref random);
                            if (other >= 0 && other != nears[pair])
                            {
                                step.Move(other, isNear: false, rate);
                            }
                        }

                        step.Finish();
                    }
                },
                cancellationToken);
            Strata.ThrowIfRanAway(SkipGramModel.KindName, epoch, vectors);
            context.Progress?.Report((epoch + 1.0) / options.Epochs);
        }

        return new SkipGramModel(Normalise(vectors), ItemShares.CountAsTieBreak(rows), options);
    }

    /// <summary>Of each row the last row of its session.</summary>
    internal static int[] LastsOfSessions(Interactions rows, double gapDays)
    {
        int[] lasts = new int[rows.Count];
        bool cuts = gapDays > 0 && rows.AgeDays.Length > 0;
        for (int user = 0; user < rows.UserCount; user++)
        {
            int last = rows.RowStarts[user + 1] - 1;
            for (int row = last; row >= rows.RowStarts[user]; row--)
            {
                lasts[row] = last;
                if (cuts && row > rows.RowStarts[user] && rows.AgeDays[row - 1] - rows.AgeDays[row] > gapDays)
                {
                    last = row - 1;
                }
            }
        }

        return lasts;
    }

    private static (int[] Items, int[] Nears) DrawPairs(
        Interactions rows, int[] lasts, int reach, ulong seed, int epoch)
    {
        SeededRandom random = new(seed, PairStream + (ulong)epoch);
        List<int> items = new(2 * rows.Count);
        List<int> nears = new(2 * rows.Count);
        for (int row = 0; row < lasts.Length; row++)
        {
            long near = (long)row + 1 + random.NextInt(reach);
            if (near <= lasts[row] && rows.Items[near] != rows.Items[row])
            {
                items.Add(rows.Items[row]);
                nears.Add(rows.Items[near]);
                items.Add(rows.Items[near]);
                nears.Add(rows.Items[row]);
            }
        }

        return ([.. items], [.. nears]);
    }

    /// <summary>Small vectors at random; zero for an item without rows, which then is like none.</summary>
    private static Matrix Draw(Interactions rows, int factorCount, ulong seed)
    {
        bool[] isKnown = new bool[rows.ItemCount];
        foreach (int item in rows.Items)
        {
            isKnown[item] = true;
        }

        Matrix vectors = new(rows.ItemCount, factorCount);
        SeededRandom random = new(seed);
        for (int item = 0; item < isKnown.Length; item++)
        {
            foreach (ref float value in vectors.Row(item))
            {
                float drawn = (random.NextSingle() - 0.5f) / factorCount;
                value = isKnown[item] ? drawn : 0;
            }
        }

        return vectors;
    }

    private static Matrix Normalise(Matrix vectors)
    {
        float[] inverseNorms = InverseNorms.Of(vectors);
        for (int item = 0; item < inverseNorms.Length; item++)
        {
            Kernel.Scale(inverseNorms[item], vectors.Row(item));
        }

        return vectors;
    }
}
