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
    private readonly int[] _judged;

    private HeldOutRows(TwoTowerExamples examples, int[] learned, int[] judged)
    {
        _examples = examples;
        Learned = learned;
        _judged = judged;
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
        return new HeldOutRows(examples, [.. Enumerable.Range(0, rows.Count).Where(row => !isHeld[row])], judged);
    }

    /// <summary>Mean of 1 / log₂(1 + rank) of the held-out items among all outside the history.</summary>
    public double Judge(TwoTowerModel model, FitContext context, CancellationToken cancellationToken)
    {
        double[] gains = new double[_judged.Length];
        ParallelChunks.Run(
            _judged.Length,
            RowsPerChunk,
            context.ThreadCount,
            () => new float[model.ItemCount],
            (scores, _, start, end) =>
            {
                for (int i = start; i < end; i++)
                {
                    int row = _judged[i];
                    ReadOnlySpan<int> history = _examples.HistoryOf(row);
                    model.ScoreItems(
                        new ItemQuery
                        {
                            User = _examples.UserOf(row),
                            History = history,
                            Attributes = _examples.Rows.UserAttributes.Row(row),
                            HistoryIsNew = true,
                        },
                        scores);
                    int item = _examples.Rows.Items[row];
                    foreach (int met in history)
                    {
                        scores[met] = met == item ? scores[met] : float.NegativeInfinity;
                    }

                    gains[i] = 1 / Math.Log2(1 + TopK.RankOf(scores, item));
                }
            },
            cancellationToken);
        return gains.Average();
    }

    private static int Place(Interactions rows, TwoTowerExamples examples, int row) =>
        row - rows.RowStarts[examples.UserOf(row)];
}
