using Tandem.Numerics;
using Tandem.Numerics.Trees;

namespace Tandem.Learning.Trees;

/// <summary>Grows one tree at a time from packed gradients.</summary>
/// <remarks>Chen and Guestrin, <em>XGBoost</em> (2016); Ke and others, <em>LightGBM</em> (2017). The sums of the larger child
/// are those of its parent less those of the smaller one. O(rows · slots · depth) a tree, of integer additions.</remarks>
internal sealed class TreeGrower(BinnedRows data, BoostedTreesOptions options, WorkerTeam team, int threadCount)
{
    private const int ColumnsAtOnce = 8;

    /// <summary>Rows below which one thread is as fast as more.</summary>
    private const int FewRows = 8192;

    private readonly int[] _spare = new int[data.Count];
    private readonly Stack<long[]> _pool = [];
    private readonly List<long[]> _partial = [];
    private readonly byte[] _goesLeft = new byte[GradientHistogram.BinCount];

    /// <summary>Grows a tree.</summary>
    /// <param name="packed">The gradients.</param>
    /// <param name="learn">Rows to learn from; put in the order of the leaves.</param>
    /// <param name="follow">Rows that only follow; put in the order of the leaves.</param>
    /// <param name="isUsable">Columns that it may split by.</param>
    /// <param name="forest">Receives the nodes; the tree is left open.</param>
    /// <returns>The leaves.</returns>
    public List<GrownLeaf> Grow(
        PackedRows packed, Memory<int> learn, Memory<int> follow, bool[] isUsable, ForestBuilder forest)
    {
        SplitSearch search = new(options, packed.FirstScale, packed.SecondScale);
        GrownLeaf root = new()
        {
            Node = forest.AddLeaf(0, 0),
            Depth = 0,
            Start = 0,
            Count = learn.Length,
            FollowStart = 0,
            FollowCount = follow.Length,
        };
        List<GrownLeaf> leaves = [root];
        if (IsWorthSplitting(root) && data.Slots.Length > 0)
        {
            root.Histogram = Sum(packed, learn);
            root.Sum = SumOf(root.Histogram);
            FindBest(search, root, isUsable);
        }

        while (leaves.Count < options.Leaves && Choose(leaves) is { } leaf)
        {
            (GrownLeaf Left, GrownLeaf Right)? parts = Split(leaf, learn, follow, forest);
            if (parts is not var (left, right))
            {
                leaf.Refused.Add(leaf.Best!.Column);
                FindBest(search, leaf, isUsable);
                continue;
            }

            leaves[leaves.IndexOf(leaf)] = left;
            leaves.Add(right);
            SumChildren(packed, learn, leaf, left, right, isLast: leaves.Count == options.Leaves);
            FindBest(search, left, isUsable);
            FindBest(search, right, isUsable);
        }

        foreach (GrownLeaf leaf in leaves)
        {
            Release(leaf);
        }

        return leaves;
    }

    private GrownLeaf? Choose(List<GrownLeaf> leaves)
    {
        GrownLeaf? best = null;
        foreach (GrownLeaf leaf in leaves)
        {
            if (leaf.Best is not null && (best is null || (options.DepthWise && leaf.Depth != best.Depth
                ? leaf.Depth < best.Depth
                : leaf.Best.Gain > best.Best!.Gain)))
            {
                best = leaf;
            }
        }

        return best;
    }

    private bool IsWorthSplitting(GrownLeaf leaf) =>
        leaf.Count >= 2L * options.MinRows && (options.Depth == 0 || leaf.Depth < options.Depth);

    private void SumChildren(
        PackedRows packed, Memory<int> learn, GrownLeaf parent, GrownLeaf left, GrownLeaf right, bool isLast)
    {
        (GrownLeaf small, GrownLeaf large) = left.Count < right.Count ? (left, right) : (right, left);
        if (isLast || !IsWorthSplitting(large))
        {
            Release(parent);
            return;
        }

        long[] sums = Sum(packed, learn.Slice(small.Start, small.Count));
        large.Histogram = parent.Histogram;
        parent.Histogram = null;
        GradientHistogram.Subtract(sums, large.Histogram);
        small.Histogram = sums;
        if (!IsWorthSplitting(small))
        {
            Release(small);
        }
    }

    private void Release(GrownLeaf leaf)
    {
        if (leaf.Histogram is not null)
        {
            _pool.Push(leaf.Histogram);
            leaf.Histogram = null;
        }
    }

    private long[] Sum(PackedRows packed, Memory<int> rows)
    {
        long[] sums = Take();
        int parts = rows.Length < FewRows ? 1 : threadCount;
        if (parts == 1 || data.BlockCount >= 2 * threadCount)
        {
            Action<int> body = block => Add(packed, rows, block, sums);
            if (parts > 1)
            {
                team.Run(data.BlockCount, body);
                return sums;
            }

            for (int block = 0; block < data.BlockCount; block++)
            {
                body(block);
            }

            return sums;
        }

        while (_partial.Count < parts - 1)
        {
            _partial.Add(new long[data.Slots.Length * GradientHistogram.BinCount]);
        }

        int each = (rows.Length + parts - 1) / parts;
        team.Run(parts, part =>
        {
            long[] to = part == 0 ? sums : _partial[part - 1];
            Memory<int> some = rows[Math.Min(rows.Length, part * each)..Math.Min(rows.Length, (part + 1) * each)];
            for (int block = 0; block < data.BlockCount; block++)
            {
                Add(packed, some, block, to);
            }
        });
        for (int part = 1; part < parts; part++)
        {
            GradientHistogram.Merge(_partial[part - 1], sums);
            Array.Clear(_partial[part - 1]);
        }

        return sums;
    }

    private void Add(PackedRows packed, Memory<int> rows, int block, long[] sums) => packed.Add(
        data, block, rows.Span, sums.AsSpan(block * GradientHistogram.BlockColumns * GradientHistogram.BinCount));

    private long[] Take()
    {
        if (_pool.TryPop(out long[]? sums))
        {
            Array.Clear(sums);
            return sums;
        }

        return new long[data.Slots.Length * GradientHistogram.BinCount];
    }

    private void FindBest(SplitSearch search, GrownLeaf leaf, bool[] isUsable)
    {
        leaf.Best = null;
        if (leaf.Histogram is null)
        {
            return;
        }

        int columns = data.Columns.Length;
        var found = new FoundSplit?[ParallelChunks.ChunkCount(columns, ColumnsAtOnce)];
        team.Run(found.Length, chunk =>
        {
            for (int column = chunk * ColumnsAtOnce; column < Math.Min(columns, (chunk + 1) * ColumnsAtOnce); column++)
            {
                ColumnBins bins = data.Columns[column];
                if (isUsable[column] && !leaf.Refused.Contains(column)
                    && search.Find(leaf, column, bins, DirectionOf(bins)) is { } split
                    && (found[chunk] is not { } best || split.Gain > best.Gain))
                {
                    found[chunk] = split;
                }
            }
        });
        foreach (FoundSplit? split in found)
        {
            leaf.Best = split is not null && (leaf.Best is null || split.Gain > leaf.Best.Gain) ? split : leaf.Best;
        }
    }

    private int DirectionOf(ColumnBins bins) =>
        bins.Column < options.Directions.Count ? options.Directions[bins.Column] : 0;

    /// <summary>Parts a leaf's rows, or gives null where a side has too few of them: sums of second derivatives only
    /// estimate that.</summary>
    private (GrownLeaf Left, GrownLeaf Right)? Split(
        GrownLeaf leaf, Memory<int> learn, Memory<int> follow, ForestBuilder forest)
    {
        FoundSplit split = leaf.Best!;
        ColumnBins bins = data.Columns[split.Column];
        byte[] slot = data.Slots[bins.Slot];
        for (int value = 0; value < _goesLeft.Length; value++)
        {
            _goesLeft[value] = split.GoesLeft(bins, bins.FromSlot(value)) ? (byte)1 : (byte)0;
        }

        int lefts = Part(learn.Slice(leaf.Start, leaf.Count), slot);
        if (lefts < options.MinRows || leaf.Count - lefts < options.MinRows)
        {
            return null;
        }

        int follows = Part(follow.Slice(leaf.FollowStart, leaf.FollowCount), slot);
        GrownLeaf left = new()
        {
            Node = forest.AddLeaf(0, 0),
            Depth = leaf.Depth + 1,
            Start = leaf.Start,
            Count = lefts,
            FollowStart = leaf.FollowStart,
            FollowCount = follows,
            Sum = split.Left,
            Lower = leaf.Lower,
            Upper = leaf.Upper,
        };
        GrownLeaf right = new()
        {
            Node = forest.AddLeaf(0, 0),
            Depth = leaf.Depth + 1,
            Start = leaf.Start + lefts,
            Count = leaf.Count - lefts,
            FollowStart = leaf.FollowStart + follows,
            FollowCount = leaf.FollowCount - follows,
            Sum = leaf.Sum - split.Left,
            Lower = leaf.Lower,
            Upper = leaf.Upper,
        };
        Bound(left, right, split, DirectionOf(bins));
        forest.Split(
            leaf.Node, bins.Column, ThresholdOf(bins, split), split.SendsMissingLeft,
            split.Set is null ? null : ToSet(bins, split.Set), (float)split.Gain, left.Node, right.Node);
        return (left, right);
    }

    /// <summary>Where scores may only rise with the column, nothing below on the left may give more than the middle, and
    /// nothing on the right less.</summary>
    private static void Bound(GrownLeaf left, GrownLeaf right, FoundSplit split, int direction)
    {
        double middle = (split.LeftValue + split.RightValue) / 2;
        if (direction > 0)
        {
            left.Upper = right.Lower = middle;
        }
        else if (direction < 0)
        {
            left.Lower = right.Upper = middle;
        }
    }

    private static uint[] ToSet(ColumnBins bins, bool[] isLeft)
    {
        int[] categories = [.. bins.Categories!.Where((_, bin) => isLeft[bin])];
        uint[] set = new uint[(categories.Max() >> 5) + 1];
        foreach (int category in categories)
        {
            set[category >> 5] |= 1u << (category & 31);
        }

        return set;
    }

    /// <summary>Every value lies below the threshold after the last cut: only missing ones go right there.</summary>
    private static float ThresholdOf(ColumnBins bins, FoundSplit split) =>
        split.Set is not null ? 0 : split.Bin < bins.Cuts.Length ? bins.Cuts[split.Bin] : float.MaxValue;

    /// <summary>Each row has one bin of the first slot.</summary>
    private static long SumOf(long[] sums)
    {
        long sum = 0;
        foreach (long bin in sums.AsSpan(0, GradientHistogram.BinCount))
        {
            sum += bin;
        }

        return sum;
    }

    private int Part(Memory<int> rows, byte[] slot)
    {
        int parts = rows.Length < FewRows ? 1 : threadCount;
        int each = (rows.Length + parts - 1) / parts;
        int[] lefts = new int[parts];
        team.Run(parts, part =>
        {
            int start = part * each;
            int count = Math.Min(each, rows.Length - start);
            lefts[part] = RowPartition.Split(
                rows.Span.Slice(start, count), slot, _goesLeft, _spare.AsSpan(start, count));
        });
        int at = lefts[0];
        Span<int> all = rows.Span;
        for (int part = 1; part < parts; part++)
        {
            all.Slice(part * each, lefts[part]).CopyTo(all[at..]);
            at += lefts[part];
        }

        // The rights follow the lefts, part by part.
        int[] starts = new int[parts];
        for (int part = 0, to = at; part < parts; part++)
        {
            starts[part] = to;
            to += RightsOf(part);
        }

        team.Run(parts, part => _spare.AsSpan(part * each, RightsOf(part)).CopyTo(rows.Span[starts[part]..]));
        return at;

        int RightsOf(int part) => Math.Min(each, rows.Length - (part * each)) - lefts[part];
    }
}
