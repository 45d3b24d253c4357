using Tandem.Numerics.Trees;

namespace Tandem.Learning.Trees;

/// <summary>Finds the best split of a leaf by one column, in the sums of its bins.</summary>
/// <remarks>A side with the sums G and H of first and second derivatives gives w = −G / (H + λ), and lowers the loss by
/// −(G·w + ½·(H + λ)·w²).</remarks>
internal sealed class SplitSearch(BoostedTreesOptions options, double firstScale, double secondScale)
{
    // Second derivatives are rounded: a bound on rows that they stand for allows for half a row.
    private const double HalfARow = 0.5;

    /// <summary>The best split, or null where none gains enough.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="index">Index of the column in the binned rows.</param>
    /// <param name="bins">The column.</param>
    /// <param name="direction">1 or −1 where scores may only rise or fall with it, else 0.</param>
    public FoundSplit? Find(GrownLeaf leaf, int index, ColumnBins bins, int direction)
    {
        uint total = GradientHistogram.Second(leaf.Sum);
        if (total == 0)
        {
            return null;
        }

        Span<long> sums = stackalloc long[GradientHistogram.BinCount];
        CopySums(leaf, bins, sums);
        double least = Math.Max(
            options.MinWeight * secondScale, (options.MinRows - HalfARow) * total / leaf.Count);
        Side whole = new(this, leaf, leaf.Sum, 0);
        Candidate best = new(options.MinGain + whole.Score + 1e-9, -1, false, 0);
        if (bins.Categories is not null)
        {
            return FindSet(leaf, index, bins, sums, least, best, whole.Score);
        }

        long missing = bins.HasMissing ? sums[bins.ValueBins] : 0;
        Scan(leaf, sums[..(bins.ValueBins - (missing != 0 ? 0 : 1))], 0, least, direction, ref best);
        if (missing != 0)
        {
            Scan(leaf, sums[..(bins.ValueBins - 1)], missing, least, direction, ref best);
        }

        if (best.Bin < 0)
        {
            return null;
        }

        // Where nothing is missing here, what is missing later goes with most of the rows.
        bool sendsLeft = missing != 0
            ? best.SendsMissingLeft
            : GradientHistogram.Second(best.Left) >= total - GradientHistogram.Second(best.Left);
        return new FoundSplit(
            best.Score - whole.Score, index, best.Bin, sendsLeft, null, best.Left,
            new Side(this, leaf, best.Left, 0).Value, new Side(this, leaf, leaf.Sum - best.Left, 0).Value);
    }

    private static void CopySums(GrownLeaf leaf, ColumnBins bins, Span<long> sums)
    {
        ReadOnlySpan<long> slot = leaf.Histogram.AsSpan(
            bins.Slot * GradientHistogram.BinCount, GradientHistogram.BinCount);
        if (bins.Offset == 0)
        {
            slot.CopyTo(sums);
            return;
        }

        // The rows of 0 are those that no other bin of the column has.
        long zeros = leaf.Sum;
        for (int bin = 0; bin < bins.ValueBins; bin++)
        {
            sums[bin] = bin == bins.ZeroBin ? 0 : slot[bins.InSlot(bin)];
            zeros -= sums[bin];
        }

        sums[bins.ZeroBin] = zeros;
    }

    private void Scan(
        GrownLeaf leaf, ReadOnlySpan<long> sums, long missing, double least, int direction, ref Candidate best)
    {
        bool isBound = options.Directions.Count > 0;
        double lambda = options.Regularisation;
        uint total = GradientHistogram.Second(leaf.Sum);
        double allG = GradientHistogram.First(leaf.Sum) / firstScale;
        double allH = total / secondScale;
        double perG = 1 / firstScale;
        double perH = 1 / secondScale;
        long left = missing;
        for (int bin = 0; bin < sums.Length; bin++)
        {
            if (sums[bin] == 0)
            {
                continue;
            }

            left += sums[bin];
            uint h = GradientHistogram.Second(left);
            if (h < least)
            {
                continue;
            }

            if (total - h < least)
            {
                return;
            }

            double leftG = GradientHistogram.First(left) * perG;
            double leftH = h * perH;
            double score = isBound
                ? BoundScore(leaf, left, direction)
                : 0.5 * ((leftG * leftG / (leftH + lambda)) + ((allG - leftG) * (allG - leftG) / (allH - leftH + lambda)));
            if (score > best.Score)
            {
                best = new Candidate(score, bin, missing != 0, left);
            }
        }
    }

    private double BoundScore(GrownLeaf leaf, long leftSum, int direction)
    {
        Side left = new(this, leaf, leftSum, 0);
        Side right = new(this, leaf, leaf.Sum - leftSum, 0);
        return direction * (right.Value - left.Value) < 0 ? double.NegativeInfinity : left.Score + right.Score;
    }

    /// <summary>Puts the categories in the order of G / (H + smoothing) and cuts that order, from either end (Fisher,
    /// 1958): as good as any set for convex losses, but for the smoothing.</summary>
    private FoundSplit? FindSet(
        GrownLeaf leaf, int index, ColumnBins bins, ReadOnlySpan<long> sums, double least, Candidate best,
        double wholeScore)
    {
        double[] keys = new double[bins.ValueBins - 1];
        int[] order = new int[keys.Length];
        int count = 0;
        for (int bin = 0; bin < keys.Length; bin++)
        {
            if (sums[bin] != 0)
            {
                keys[count] = GradientHistogram.First(sums[bin]) / firstScale
                    / ((GradientHistogram.Second(sums[bin]) / secondScale) + options.CategorySmoothing);
                order[count++] = bin;
            }
        }

        Array.Sort(keys, order, 0, count);
        bool isFromTheEnd = false;
        for (int end = 0; end < 2; end++)
        {
            Candidate former = best;
            ScanSet(leaf, order.AsSpan(0, count), sums, least, ref best);
            isFromTheEnd = best.Bin >= 0 && best != former ? end == 1 : isFromTheEnd;
            Array.Reverse(order, 0, count);
        }

        if (best.Bin < 0)
        {
            return null;
        }

        bool[] set = new bool[GradientHistogram.BinCount];
        for (int i = 0; i <= best.Bin; i++)
        {
            set[isFromTheEnd ? order[count - 1 - i] : order[i]] = true;
        }

        return new FoundSplit(
            best.Score - wholeScore, index, best.Bin, false, set, best.Left,
            new Side(this, leaf, best.Left, options.CategoryRegularisation).Value,
            new Side(this, leaf, leaf.Sum - best.Left, options.CategoryRegularisation).Value);
    }

    private void ScanSet(
        GrownLeaf leaf, ReadOnlySpan<int> order, ReadOnlySpan<long> sums, double least, ref Candidate best)
    {
        long left = 0;
        uint total = GradientHistogram.Second(leaf.Sum);
        for (int i = 0; i < Math.Min(order.Length, options.SetCategories); i++)
        {
            left += sums[order[i]];
            uint h = GradientHistogram.Second(left);
            if (h < least || total - h < least)
            {
                continue;
            }

            double score = new Side(this, leaf, left, options.CategoryRegularisation).Score
                + new Side(this, leaf, leaf.Sum - left, options.CategoryRegularisation).Score;
            if (score > best.Score)
            {
                best = new Candidate(score, i, false, left);
            }
        }
    }

    private readonly record struct Candidate(double Score, int Bin, bool SendsMissingLeft, long Left);

    /// <summary>One side of a split: what it would give within the leaf's bounds, and how far that lowers the loss.</summary>
    private readonly ref struct Side
    {
        public Side(SplitSearch search, GrownLeaf leaf, long sum, double added)
        {
            double g = GradientHistogram.First(sum) / search.FirstScale;
            double h = (GradientHistogram.Second(sum) / search.SecondScale) + search.Options.Regularisation + added;
            Value = h > 0 ? Math.Clamp(-g / h, leaf.Lower, leaf.Upper) : 0;
            Score = -Value * (g + (0.5 * h * Value));
        }

        public double Value { get; }

        public double Score { get; }
    }

    private double FirstScale => firstScale;

    private double SecondScale => secondScale;

    private BoostedTreesOptions Options => options;
}
