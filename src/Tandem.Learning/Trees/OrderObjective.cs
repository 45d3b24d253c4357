using Tandem.Numerics;

namespace Tandem.Learning.Trees;

/// <summary>Pairs of a group in the wrong order, weighed by what swapping them does to NDCG, or all alike.</summary>
/// <remarks>The first rounds fit the grades themselves by squares: that tells more of each row than pairs do, and the pairs
/// go on from there. Burges, <em>From RankNet to LambdaRank to LambdaMART</em> (2010), with gains 2^grade − 1 and the normalisations
/// of LightGBM: by the distance of the scores, and by the sum of a group's lambdas.</remarks>
internal sealed class OrderObjective : IObjective
{
    /// <summary>Places that the figure of held-back groups looks at.</summary>
    private const int JudgedPlaces = 10;

    private const int GroupsAtOnce = 64;

    private readonly LabelledRows _rows;
    private readonly BoostedTreesOptions _options;
    private readonly int[] _starts;
    // Rows of each group, counted from its first, in the order that their scores had last.
    private readonly int[] _orders;
    private readonly float[] _gains;
    private readonly float[] _discounts;
    private readonly float[] _inverseBest;
    private readonly RowChunks _chunks;
    private readonly int _gradeRounds;
    private readonly float _meanGrade;
    private int _round;

    /// <param name="rows">The rows.</param>
    /// <param name="options">Settings.</param>
    /// <param name="goesOn">True where rows have scores that were fitted before.</param>
    public OrderObjective(LabelledRows rows, BoostedTreesOptions options, bool goesOn)
    {
        _chunks = new RowChunks(rows.Count);
        _gradeRounds = goesOn ? 0 : (int)Math.Round(options.GradeShare * options.Trees);
        _meanGrade = (float)RowWeights.Mean(rows, rows.Labels);
        _rows = rows;
        _options = options;
        _starts = GroupsOf(rows);
        _orders = new int[rows.Count];
        _gains = [.. rows.Labels.Select(static grade => (float)(Math.Pow(2, grade) - 1))];
        int longest = 1;
        for (int group = 0; group + 1 < _starts.Length; group++)
        {
            int count = _starts[group + 1] - _starts[group];
            longest = Math.Max(longest, count);
            for (int row = 0; row < count; row++)
            {
                _orders[_starts[group] + row] = row;
            }
        }

        _discounts = [.. Enumerable.Range(0, longest).Select(static place => (float)(1 / Math.Log2(place + 2)))];
        _inverseBest = new float[_starts.Length - 1];
        for (int group = 0; group < _inverseBest.Length; group++)
        {
            double best = Best(group, options.Truncation);
            _inverseBest[group] = best > 0 ? (float)(1 / best) : 0;
        }
    }

    /// <summary>First row of each group, and the row after the last.</summary>
    public static int[] GroupsOf(LabelledRows rows) =>
    [
        .. Enumerable.Range(0, rows.Count).Where(row => row == 0 || rows.Groups[row] != rows.Groups[row - 1]), rows.Count,
    ];

    public float Start(int output) => 0;

    public void Prepare(float[][] scores, WorkerTeam team) => _round++;

    public void Derive(int output, float[][] scores, float[] first, float[] second, WorkerTeam team)
    {
        if (_round <= _gradeRounds)
        {
            DeriveGrades(scores[0], first, second, team);
            return;
        }

        int chunks = ParallelChunks.ChunkCount(_inverseBest.Length, GroupsAtOnce);
        team.Run(chunks, chunk =>
        {
            RankedGroup ranked = new(_discounts.Length);
            for (int group = chunk * GroupsAtOnce; group < Math.Min(_inverseBest.Length, (chunk + 1) * GroupsAtOnce); group++)
            {
                Derive(group, scores[0], ranked, first, second);
            }
        });
    }

    public double? LeafQuantile(int output) => null;

    /// <summary>1 − NDCG@10, mean over the groups that the rows are of.</summary>
    public double Loss(float[][] scores, ReadOnlySpan<int> rows)
    {
        HashSet<int> held = [.. rows];
        double sum = 0;
        int groups = 0;
        for (int group = 0; group < _inverseBest.Length; group++)
        {
            if (!held.Contains(_starts[group]))
            {
                continue;
            }

            int start = _starts[group];
            int count = _starts[group + 1] - start;
            RankedGroup ranked = new(count);
            ranked.Sort(
                scores[0].AsSpan(start, count), _gains.AsSpan(start, count), _orders.AsSpan(start, count));
            double best = Best(group, JudgedPlaces);
            double found = 0;
            for (int place = 0; place < Math.Min(count, JudgedPlaces); place++)
            {
                found += ranked.Gains[place] * (double)_discounts[place];
            }

            sum += best > 0 ? found / best : 1;
            groups++;
        }

        return 1 - (sum / Math.Max(1, groups));
    }

    /// <summary>½·weight·(score + mean grade − grade)²: an order does not ask where scores lie.</summary>
    private void DeriveGrades(float[] scores, float[] first, float[] second, WorkerTeam team) =>
        _chunks.Run(team, (_, start, end) =>
        {
            for (int row = start; row < end; row++)
            {
                float weight = ColumnSample.WeightOf(_rows, row);
                first[row] = weight * (scores[row] + _meanGrade - _rows.Labels[row]);
                second[row] = weight;
            }
        });

    private double Best(int group, int places)
    {
        float[] sorted = [.. _gains.AsSpan(_starts[group], _starts[group + 1] - _starts[group])];
        Array.Sort(sorted, static (a, b) => b.CompareTo(a));
        double best = 0;
        for (int place = 0; place < Math.Min(places, sorted.Length); place++)
        {
            best += sorted[place] * (double)_discounts[place];
        }

        return best;
    }

    private void Derive(int group, float[] scores, RankedGroup ranked, float[] first, float[] second)
    {
        int start = _starts[group];
        int count = _starts[group + 1] - start;
        first.AsSpan(start, count).Clear();
        second.AsSpan(start, count).Clear();
        if (count < 2 || _inverseBest[group] == 0)
        {
            return;
        }

        Span<int> order = _orders.AsSpan(start, count);
        ranked.Sort(scores.AsSpan(start, count), _gains.AsSpan(start, count), order);
        double sum = 0;
        int tops = _options.Pairwise ? count - 1 : Math.Min(_options.Truncation, count - 1);
        for (int top = 0; top < tops; top++)
        {
            sum += Kernel.PairGradients(
                top, ranked.Scores.AsSpan(0, count), ranked.Gains.AsSpan(0, count),
                _options.Pairwise ? [] : _discounts.AsSpan(0, count), _inverseBest[group],
                ranked.First.AsSpan(0, count), ranked.Second.AsSpan(0, count));
        }

        double factor = _options.Pairwise || sum <= 0 ? 1 : Math.Log2(1 + sum) / sum;
        for (int place = 0; place < count; place++)
        {
            int row = start + order[place];
            double weight = factor * ColumnSample.WeightOf(_rows, row);
            first[row] = (float)(weight * ranked.First[place]);
            second[row] = (float)(weight * ranked.Second[place]);
        }
    }
}
