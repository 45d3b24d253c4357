using Tandem.Numerics;

namespace Tandem.Learning.Trees;

/// <summary>Rounds of boosting: derivatives, a tree for each score, better scores, and when to stop.</summary>
internal sealed class BoostingRun : IDisposable
{
    private const int SegmentRows = 16_384;

    /// <summary>Values below which one thread is as fast as more.</summary>
    private const int FewCells = 100_000;

    private readonly LabelledRows _rows;
    private readonly BoostedTreesOptions _options;
    private readonly FitContext _context;
    private readonly IObjective _objective;
    private readonly BinnedRows _data;
    private readonly WorkerTeam _team;
    private readonly TreeGrower _grower;
    private readonly PackedRows _packed;
    private readonly float[][] _scores;
    private readonly float[] _starts;
    private readonly float[] _first;
    private readonly float[] _second;
    private readonly bool[] _isHeld;
    private readonly int[] _held;
    private readonly int[] _order;

    public BoostingRun(
        LabelledRows rows, BoostedTreesOptions options, FitContext context, BoostedTreesModel? former,
        CancellationToken cancellationToken)
    {
        _rows = rows;
        _options = options;
        _context = context;
        _objective = ObjectiveOf(_rows, options, former is not null);
        _data = BinnedRows.Make(_rows, options, context, cancellationToken);
        long cells = ((long)rows.Count * (rows.DenseCount + 1)) + rows.Values.Length;
        int threads = cells < FewCells ? 1 : Math.Min(context.ThreadCount, Environment.ProcessorCount);
        _team = new WorkerTeam(threads);
        _grower = new TreeGrower(_data, options, _team, threads);
        _packed = new PackedRows(rows.Count);
        _first = new float[rows.Count];
        _second = new float[rows.Count];
        int outputs = rows.Target.OutputCount;
        _starts = former?.Starts.ToArray() ?? [.. Enumerable.Range(0, outputs).Select(_objective.Start)];
        _scores = ScoresOf(former);
        _isHeld = HoldBack(_rows, options, context.Seed);
        _order = new int[rows.Count];
        _held = [.. Enumerable.Range(0, rows.Count).Where(row => _isHeld[row])];
    }

    /// <summary>What every row starts from, by score.</summary>
    public float[] Starts => _starts;

    public void Dispose() => _team.Dispose();

    public Forest Boost(Forest? former, CancellationToken cancellationToken)
    {
        ForestBuilder forest = former is null ? new ForestBuilder() : new ForestBuilder(former);
        int kept = forest.TreeCount;
        int waited = 0;
        double least = _held.Length > 0 ? _objective.Loss(_scores, _held) : 0;
        for (int round = 0; round < _options.Trees && waited < _options.Patience; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool hasGrown = AddRound(round, forest);
            _context.Progress?.Report((round + 1d) / _options.Trees);
            if (!hasGrown && _options.RowShare == 1 && _options.ColumnShare == 1)
            {
                break;
            }

            if (_held.Length == 0)
            {
                kept = forest.TreeCount;
                continue;
            }

            double loss = _objective.Loss(_scores, _held);
            waited = loss < least ? 0 : waited + 1;
            kept = loss < least ? forest.TreeCount : kept;
            least = Math.Min(loss, least);
        }

        forest.KeepTrees(kept);
        _context.Progress?.Report(1);
        return forest.Build();
    }

    private static IObjective ObjectiveOf(LabelledRows rows, BoostedTreesOptions options, bool goesOn) => rows.Target.Kind switch
    {
        RowTargetKind.Binary or RowTargetKind.Multilabel => new LogLossObjective(rows),
        RowTargetKind.Multiclass => new SoftmaxObjective(rows),
        RowTargetKind.Number => new SquaredObjective(rows),
        RowTargetKind.Count => new PoissonObjective(rows),
        RowTargetKind.Quantile => new QuantileObjective(rows),
        _ => new OrderObjective(rows, options, goesOn),
    };

    /// <summary>Rows that only tell when to stop: whole groups where there are any.</summary>
    private static bool[] HoldBack(LabelledRows rows, BoostedTreesOptions options, ulong seed)
    {
        bool[] isHeld = new bool[rows.Count];
        if (options.ValidationShare == 0)
        {
            return isHeld;
        }

        SeededRandom random = new(seed, stream: 2);
        bool isDrawn = false;
        for (int row = 0; row < rows.Count; row++)
        {
            bool isNew = rows.Groups.Length == 0 || row == 0 || rows.Groups[row] != rows.Groups[row - 1];
            isDrawn = isNew ? random.NextDouble() < options.ValidationShare : isDrawn;
            isHeld[row] = isDrawn;
        }

        // With all or none held back there is nothing to learn from, or to judge on.
        return isHeld.Contains(false) ? isHeld : new bool[rows.Count];
    }

    private float[][] ScoresOf(BoostedTreesModel? former)
    {
        int outputs = _starts.Length;
        float[][] scores = new float[outputs][];
        float[] known = former is null ? [] : new float[(long)_rows.Count * outputs];
        former?.ScoreRows(_rows.Features, known);
        for (int output = 0; output < outputs; output++)
        {
            scores[output] = new float[_rows.Count];
            for (int row = 0; row < _rows.Count; row++)
            {
                scores[output][row] = former is null ? _starts[output] : known[(row * outputs) + output];
            }
        }

        return scores;
    }

    private bool AddRound(int round, ForestBuilder forest)
    {
        int[] order = _order;
        int learners = Draw(round, order);
        bool[] isUsable = DrawColumns(round);
        _objective.Prepare(_scores, _team);
        bool hasGrown = false;
        for (int output = 0; output < _scores.Length; output++)
        {
            _objective.Derive(output, _scores, _first, _second, _team);
            int draw = unchecked((int)(_context.Seed * 0x9E3779B9u) + (((round * _scores.Length) + output) * 7919));
            _packed.Pack(_first, _second, draw, _team);
            List<GrownLeaf> leaves = _grower.Grow(
                _packed, order.AsMemory(0, learners), order.AsMemory(learners), isUsable, forest);
            if (leaves.Count == 1)
            {
                forest.DropTree();
                continue;
            }

            Settle(leaves, order, learners, output, forest);
            forest.EndTree(output);
            hasGrown = true;
        }

        return hasGrown;
    }

    /// <summary>Puts the rows to learn from first, then those that follow.</summary>
    private int Draw(int round, int[] order)
    {
        if (_held.Length == 0 && _options.RowShare == 1)
        {
            new RowChunks(order.Length).Run(_team, (_, start, end) => FillAscending(order.AsSpan(start, end - start), start));
            return order.Length;
        }

        int learners = 0;
        int followers = order.Length;
        SeededRandom random = new(_context.Seed, stream: (ulong)round + 16);
        for (int row = 0; row < order.Length; row++)
        {
            bool learns = !_isHeld[row] && (_options.RowShare == 1 || random.NextDouble() < _options.RowShare);
            order[learns ? learners++ : --followers] = row;
        }

        Array.Reverse(order, learners, order.Length - learners);
        return learners;
    }

    private static void FillAscending(Span<int> rows, int first)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = first + i;
        }
    }

    private bool[] DrawColumns(int round)
    {
        bool[] isUsable = new bool[_data.Columns.Length];
        Array.Fill(isUsable, true);
        int left = (int)Math.Ceiling(_options.ColumnShare * isUsable.Length);
        SeededRandom random = new(_context.Seed ^ 0xC01, stream: (ulong)round + 16);
        for (int column = 0; left < isUsable.Length - column; column++)
        {
            isUsable[column] = random.NextInt(isUsable.Length - column) < left;
            left -= isUsable[column] ? 1 : 0;
        }

        return isUsable;
    }

    /// <summary>Decides what leaves give, from the derivatives as they were before rounding, and adds it to the
    /// scores.</summary>
    private void Settle(List<GrownLeaf> leaves, int[] order, int learners, int output, ForestBuilder forest)
    {
        List<(int Leaf, int Start, int Count)> segments = Segments(leaves, static leaf => (leaf.Start, leaf.Count), 0);
        double[] first = new double[segments.Count];
        double[] second = new double[segments.Count];
        _team.Run(segments.Count, segment =>
        {
            (_, int start, int count) = segments[segment];
            double g = 0;
            double h = 0;
            foreach (int row in order.AsSpan(start, count))
            {
                g += _first[row];
                h += _second[row];
            }

            first[segment] = g;
            second[segment] = h;
        });
        double[] sumFirst = new double[leaves.Count];
        double[] sumSecond = new double[leaves.Count];
        for (int segment = 0; segment < segments.Count; segment++)
        {
            sumFirst[segments[segment].Leaf] += first[segment];
            sumSecond[segments[segment].Leaf] += second[segment];
        }

        float[] values = new float[leaves.Count];
        float[] score = _scores[output];
        for (int i = 0; i < values.Length; i++)
        {
            GrownLeaf leaf = leaves[i];
            double h = sumSecond[i] + _options.Regularisation;
            double value = _objective.LeafQuantile(output) is { } share
                ? QuantileLeft(order.AsSpan(leaf.Start, leaf.Count), score, share)
                : h > 0 ? -sumFirst[i] / h : 0;
            values[i] = (float)(_options.LearningRate * Math.Clamp(value, leaf.Lower, leaf.Upper));
            forest.SetLeaf(leaf.Node, values[i], (float)sumSecond[i]);
        }

        segments.AddRange(Segments(leaves, static leaf => (leaf.FollowStart, leaf.FollowCount), learners));
        _team.Run(segments.Count, segment =>
        {
            (int leaf, int start, int count) = segments[segment];
            foreach (int row in order.AsSpan(start, count))
            {
                score[row] += values[leaf];
            }
        });
        forest.SumCovers();
    }

    private static List<(int Leaf, int Start, int Count)> Segments(
        List<GrownLeaf> leaves, Func<GrownLeaf, (int Start, int Count)> rowsOf, int offset)
    {
        List<(int, int, int)> segments = [];
        for (int i = 0; i < leaves.Count; i++)
        {
            (int start, int count) = rowsOf(leaves[i]);
            for (int at = 0; at < count; at += SegmentRows)
            {
                segments.Add((i, offset + start + at, Math.Min(SegmentRows, count - at)));
            }
        }

        return segments;
    }

    private double QuantileLeft(ReadOnlySpan<int> rows, float[] score, double share)
    {
        float[] left = new float[rows.Length];
        double[] weights = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            left[i] = _rows.Labels[rows[i]] - score[rows[i]];
            weights[i] = ColumnSample.WeightOf(_rows, rows[i]);
        }

        return RowWeights.Quantile(left, weights, rows.Length, share);
    }
}
