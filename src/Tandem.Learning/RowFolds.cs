using Tandem.Numerics;

namespace Tandem.Learning;

/// <summary>Divides rows into those that a model sees and those that judge it. The same seed gives the same rows.</summary>
public static class RowFolds
{
    /// <summary>What rows are stratified by: their classes, or nothing where labels are no classes.</summary>
    /// <param name="target">What a label says.</param>
    /// <param name="labels">The labels.</param>
    public static float[] ClassesOf(RowTarget target, float[] labels)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(labels);
        return target.Kind is RowTargetKind.Binary or RowTargetKind.Multiclass
            ? labels
            : new float[labels.Length / target.LabelCount];
    }

    /// <summary>Parts that judge in turn, each row once; the counts of rows, and of those of a class, differ by at most one
    /// between two parts.</summary>
    /// <param name="classes">Class of each row; see <see cref="ClassesOf"/>.</param>
    /// <param name="folds">Parts, ≥ 2.</param>
    /// <param name="seed">Seed of the draw.</param>
    public static IReadOnlyList<RowFold> Stratified(float[] classes, int folds, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        int[] foldOfRow = new int[classes.Length];
        int next = 0;
        foreach (int row in ByClass(classes, new SeededRandom(seed)).SelectMany(static rows => rows))
        {
            foldOfRow[row] = next++ % folds;
        }

        return Divide(foldOfRow, folds);
    }

    /// <summary>Draws a share of the rows to judge, again and again; of each class that share, within one row.</summary>
    /// <param name="classes">Class of each row; see <see cref="ClassesOf"/>.</param>
    /// <param name="testShare">Share of the rows that judge, above 0 and below 1.</param>
    /// <param name="repeats">Draws, ≥ 1.</param>
    /// <param name="seed">Seed of the draws.</param>
    public static IReadOnlyList<RowFold> Random(float[] classes, double testShare, int repeats, ulong seed)
    {
        CheckShare(testShare);
        return
        [
            .. Enumerable.Range(0, repeats).Select(repeat =>
            {
                bool[] isTest = new bool[classes.Length];
                foreach (int[] rows in ByClass(classes, new SeededRandom(seed, (ulong)repeat)))
                {
                    foreach (int row in rows.AsSpan(0, (int)Math.Round(testShare * rows.Length)))
                    {
                        isTest[row] = true;
                    }
                }

                return Divide(row => isTest[row], row => !isTest[row], classes.Length);
            }),
        ];
    }

    /// <summary>Parts that judge in turn, each row once; a group is in one part whole. The largest groups are dealt first, to
    /// the part with the fewest rows.</summary>
    /// <param name="groups">Number of the group of each row.</param>
    /// <param name="folds">Parts, ≥ 2.</param>
    /// <param name="seed">Seed of the draw among groups of one size.</param>
    public static IReadOnlyList<RowFold> Grouped(int[] groups, int folds, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        int[] foldOfRow = new int[groups.Length];
        int[] sizes = new int[folds];
        foreach (int[] rows in GroupsOf(groups, new SeededRandom(seed)).OrderByDescending(static rows => rows.Length))
        {
            int smallest = Array.IndexOf(sizes, sizes.Min());
            sizes[smallest] += rows.Length;
            foreach (int row in rows)
            {
                foldOfRow[row] = smallest;
            }
        }

        return Divide(foldOfRow, folds);
    }

    /// <summary>Draws a share of the groups to judge, again and again.</summary>
    /// <param name="groups">Number of the group of each row.</param>
    /// <param name="testShare">Share of the groups that judge, above 0 and below 1.</param>
    /// <param name="repeats">Draws, ≥ 1.</param>
    /// <param name="seed">Seed of the draws.</param>
    public static IReadOnlyList<RowFold> RandomGroups(int[] groups, double testShare, int repeats, ulong seed)
    {
        CheckShare(testShare);
        return
        [
            .. Enumerable.Range(0, repeats).Select(repeat =>
            {
                bool[] isTest = new bool[groups.Length];
                List<int[]> drawn = GroupsOf(groups, new SeededRandom(seed, (ulong)repeat));
                foreach (int row in drawn.Take((int)Math.Round(testShare * drawn.Count)).SelectMany(static rows => rows))
                {
                    isTest[row] = true;
                }

                return Divide(row => isTest[row], row => !isTest[row], groups.Length);
            }),
        ];
    }

    /// <summary>The newest rows judge, in parts one after the other; a model sees what was over before its part
    /// began.</summary>
    /// <param name="times">Moment of each row, in any unit.</param>
    /// <param name="testShare">Share of the rows that judge, above 0 and below 1; more where several have one
    /// moment.</param>
    /// <param name="folds">Parts, ≥ 1; those without a row are left out.</param>
    /// <param name="gap">Time before a part that its model does not see, ≥ 0.</param>
    public static IReadOnlyList<RowFold> ByTime(long[] times, double testShare, int folds, long gap)
    {
        CheckShare(testShare);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        if (times.Length == 0)
        {
            return [];
        }

        long[] sorted = [.. times];
        Array.Sort(sorted);
        int testCount = Math.Max(1, (int)Math.Round(testShare * times.Length));
        long[] starts =
        [
            .. Enumerable.Range(0, folds)
                .Select(fold => sorted[times.Length - testCount + (int)((long)fold * testCount / folds)]).Distinct(),
        ];
        return
        [
            .. starts.Select((start, fold) => Divide(
                row => times[row] >= start && (fold + 1 == starts.Length || times[row] < starts[fold + 1]),
                row => times[row] < start - gap, times.Length)),
        ];
    }

    private static void CheckShare(double testShare)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(testShare, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(testShare, 1);
    }

    /// <summary>Rows of each class, in a random order.</summary>
    private static List<int[]> ByClass(float[] classes, SeededRandom random)
    {
        List<int[]> found = [];
        foreach (IGrouping<float, int> rows in Enumerable.Range(0, classes.Length).GroupBy(row => classes[row])
            .OrderBy(static rows => rows.Key))
        {
            int[] own = [.. rows];
            random.Shuffle(own);
            found.Add(own);
        }

        return found;
    }

    /// <summary>Rows of each group, the groups in a random order.</summary>
    private static List<int[]> GroupsOf(int[] groups, SeededRandom random)
    {
        int[][] found = [.. Enumerable.Range(0, groups.Length).GroupBy(row => groups[row]).Select(static rows => rows.ToArray())];
        random.Shuffle(found);
        return [.. found];
    }

    private static RowFold[] Divide(int[] foldOfRow, int folds) =>
    [
        .. Enumerable.Range(0, folds).Select(
            fold => Divide(row => foldOfRow[row] == fold, row => foldOfRow[row] != fold, foldOfRow.Length)),
    ];

    private static RowFold Divide(Func<int, bool> isTest, Func<int, bool> isTrain, int count) => new(
        [.. Enumerable.Range(0, count).Where(isTrain)], [.. Enumerable.Range(0, count).Where(isTest)]);
}
