using Tandem.Numerics;

namespace Tandem.Learning.TwoTower;

/// <summary>The newest rows, which nothing is learned from while it is found out how long to learn: where does a model rank
/// them?</summary>
internal sealed class HeldOutRows
{
    private const int MostJudged = 2000;
    private const int FewestJudged = 20;
    private const int RowsPerChunk = 16;

    private readonly TwoTowerExamples _examples;
    private readonly TwoTowerExamples _whole;
    private readonly int[] _judged;
    private readonly int[] _rivals;

    private HeldOutRows(TwoTowerExamples examples, TwoTowerOptions options, int[] learned, int[] judged)
    {
        _examples = examples;
        _whole = new TwoTowerExamples(examples.Rows, options with { IdDropout = 0 });
        Learned = learned;
        _judged = judged;
        _rivals = RivalsOf(examples, judged);
    }

    /// <summary>The other rows.</summary>
    public int[] Learned { get; }

    /// <summary>Holds the newest rows out: by age where there are times, otherwise the last row of some users.</summary>
    /// <returns>Null where they would be too few to judge by.</returns>
    public static HeldOutRows? Divide(TwoTowerExamples examples, TwoTowerOptions options, ulong seed)
    {
        Interactions rows = examples.Rows;
        int wanted = (int)(rows.Count * options.ValidationShare);
        int[] candidates = [.. Enumerable.Range(0, rows.Count).Where(row => Place(rows, examples, row) > 0)];
        if (!rows.HasTimes || rows.AgeDays.Length == 0)
        {
            candidates =
            [
                .. candidates.Where(row => Place(rows, examples, row) > 1
                    && row == rows.RowStarts[examples.UserOf(row) + 1] - 1),
            ];
        }

        // A fixed order that means nothing settles who is judged among equals.
        ulong[] keys = [.. candidates.Select(row => new SeededRandom(seed, (ulong)row).NextBits())];
        Array.Sort(keys, candidates);
        int[] held = rows.HasTimes && rows.AgeDays.Length > 0
            ? [.. candidates.OrderBy(row => rows.AgeDays[row]).Take(wanted)]
            : [.. candidates.Take(wanted)];
        if (held.Length < FewestJudged)
        {
            return null;
        }

        bool[] isHeld = new bool[rows.Count];
        foreach (int row in held)
        {
            isHeld[row] = true;
        }

        int[] judged = [.. candidates.Where(row => isHeld[row]).Take(MostJudged)];
        return new HeldOutRows(
            examples, options, [.. Enumerable.Range(0, rows.Count).Where(row => !isHeld[row])], judged);
    }

    /// <summary>Mean of 1 / log₂(1 + rank) of the held-out items among all outside the history; where items have states, among
    /// the states drawn in the same periods, since what is known of items now counts the very rows.</summary>
    public double Judge(TwoTowerModel model, FitContext context, CancellationToken cancellationToken)
    {
        bool hasStates = !_examples.Rows.Past.IsNone;
        int[] states = hasStates ? [.. _judged.Select(_examples.StateOf), .. _rivals] : [];
        Matrix vectors = model.VectorsOf(_whole, states, context, cancellationToken);
        double[] gains = new double[_judged.Length];
        ParallelChunks.Run(
            _judged.Length,
            RowsPerChunk,
            context.ThreadCount,
            () => (Scores: new float[hasStates ? _rivals.Length + 1 : model.ItemCount], User: new float[model.Factors]),
            (scratch, _, start, end) =>
            {
                for (int i = start; i < end; i++)
                {
                    int rank = hasStates
                        ? RankAmongStates(i, model, vectors, scratch.User, scratch.Scores)
                        : RankAmongItems(_judged[i], model, scratch.Scores);
                    gains[i] = 1 / Math.Log2(1 + rank);
                }
            },
            cancellationToken);
        return gains.Average();
    }

    private int RankAmongItems(int row, TwoTowerModel model, Span<float> scores)
    {
        model.ScoreItems(QueryOf(row), scores);
        int item = _examples.Rows.Items[row];
        foreach (int met in _examples.HistoryOf(row))
        {
            scores[met] = met == item ? scores[met] : float.NegativeInfinity;
        }

        return TopK.RankOf(scores, item);
    }

    /// <param name="at">Number of the judged row.</param>
    /// <param name="model">The model.</param>
    /// <param name="vectors">Vectors of the judged rows' own states, then of the rivals.</param>
    /// <param name="user">Room for a vector.</param>
    /// <param name="scores">Room for the own score, then those of the rivals.</param>
    private int RankAmongStates(int at, TwoTowerModel model, Matrix vectors, Span<float> user, Span<float> scores)
    {
        int row = _judged[at];
        user.Clear();
        _ = model.TryFindQuery(QueryOf(row), user);
        scores[0] = Kernel.Dot(user, vectors.Row(at));
        ReadOnlySpan<int> history = _examples.HistoryOf(row);
        for (int rival = 0; rival < _rivals.Length; rival++)
        {
            int item = _examples.ItemOf(_rivals[rival]);
            scores[rival + 1] = item == _examples.Rows.Items[row] || history.Contains(item)
                ? float.NegativeInfinity
                : Kernel.Dot(user, vectors.Row(_judged.Length + rival));
        }

        return TopK.RankOf(scores, 0);
    }

    private ItemQuery QueryOf(int row) => new()
    {
        User = _examples.UserOf(row),
        History = _examples.HistoryOf(row),
        Attributes = _examples.Rows.UserAttributes.Row(row),
        HistoryIsNew = true,
    };

    private static int[] RivalsOf(TwoTowerExamples examples, int[] judged)
    {
        ItemStates past = examples.Rows.Past;
        var periods = judged.Select(row => examples.PeriodOf(examples.StateOf(row))).ToHashSet();
        return [.. past.Drawn.Where(state => periods.Contains(past.Periods[state]))];
    }

    private static int Place(Interactions rows, TwoTowerExamples examples, int row) =>
        row - rows.RowStarts[examples.UserOf(row)];
}
