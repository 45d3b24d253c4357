using System.Globalization;
using Tandem.Learning;
using Tandem.Numerics;
using Tandem.Spec;

namespace Tandem.Training.Tables;

/// <summary>How the rows of a table are divided: parts that judge in turn, drawn anew some number of times.</summary>
internal sealed class TableSplit
{
    private const double DefaultShare = 0.2;
    private const int DefaultGroupFolds = 5;

    private readonly RowTable _table;
    private readonly SplitSpec _split;
    private readonly ulong _seed;

    private TableSplit(RowTable table, SplitSpec split, ulong seed)
    {
        _table = table;
        _split = split;
        _seed = seed;
        Repeats = split.By switch
        {
            SplitSpec.Files => [[ByFiles()]],
            SplitSpec.Time => [[ByTime()]],
            _ => [.. Enumerable.Range(0, split.Repeats).Select(AtRandom)],
        };
        if (Repeats.Any(folds => folds.Any(fold => fold.Train.Length == 0 || fold.Test.Length == 0)))
        {
            throw TrainingErrors.EmptyPart(split.By, table.Count);
        }
    }

    /// <summary>For each time that rows were drawn the parts that judge in turn: rows to learn from, and rows to judge
    /// on, both rising.</summary>
    public IReadOnlyList<IReadOnlyList<(int[] Train, int[] Test)>> Repeats { get; }

    /// <summary>True where rows to judge on are later than those to learn from.</summary>
    public bool IsByTime => _split.By == SplitSpec.Time;

    /// <summary>What was done, in words.</summary>
    public string Name
    {
        get
        {
            string share = string.Create(CultureInfo.InvariantCulture, $"{100 * (_split.Share ?? DefaultShare):0.##} %");
            string anew = _split.Repeats > 1 ? string.Create(CultureInfo.InvariantCulture, $", drawn {_split.Repeats} times") : "";
            return _split.By switch
            {
                SplitSpec.Random when FoldCount is { } folds => $"random, {folds} folds of each class alike{anew}",
                SplitSpec.Random => $"random, {share} of each class{anew}",
                SplitSpec.Groups when FoldCount is { } folds => $"groups, {folds} folds{anew}",
                SplitSpec.Groups => $"groups, {share}{anew}",
                SplitSpec.Time when IsByWindow => $"time, the last {DurationText.Write(_split.Test)}",
                SplitSpec.Time => $"time, the last {share}",
                _ => _split.By,
            };
        }
    }

    private int? FoldCount =>
        _split.Folds ?? (_split.By == SplitSpec.Groups && _split.Share is null ? DefaultGroupFolds : null);

    private bool IsByWindow => _split.Share is null && _table.Times.Length > 0;

    /// <summary>Divides a table.</summary>
    /// <exception cref="Faults.TandemException">TRN004: it has no rows of a file to judge on; TRN013: a part has no
    /// row.</exception>
    public static TableSplit Of(RowTable table, SplitSpec split, ulong seed) => new(table, split, seed);

    private (int[] Train, int[] Test) ByFiles() => _table.IsTest.Length == 0
        ? throw TrainingErrors.NoParts("the table")
        : Part(row => _table.IsTest[row]);

    /// <summary>Cuts between two moments, so that rows of one moment, and of one group, stay together.</summary>
    private (int[] Train, int[] Test) ByTime()
    {
        long[] moments = _table.Times.Length > 0 ? [.. _table.Times] : [.. Enumerable.Range(0, _table.Count)];
        for (int row = 1; row < _table.Groups.Length; row++)
        {
            // Rows of a group stand together: all take the first one's moment.
            moments[row] = _table.Groups[row] == _table.Groups[row - 1] ? moments[row - 1] : moments[row];
        }

        long[] sorted = [.. moments.Order()];
        long cut = IsByWindow
            ? sorted[^1] + 1 - (long)_split.Test.TotalMicroseconds
            : sorted[Math.Clamp((int)Math.Round((1 - (_split.Share ?? DefaultShare)) * sorted.Length), 0, sorted.Length - 1)];
        long gap = _table.Times.Length > 0 ? (long)_split.Gap.TotalMicroseconds : 0;
        return Part(row => moments[row] >= cut, row => moments[row] < cut - gap);
    }

    private (int[] Train, int[] Test)[] AtRandom(int repeat)
    {
        SeededRandom random = new(_seed, (ulong)repeat + 1);
        int[] foldOf = new int[_table.Count];
        Array.Fill(foldOf, -1);
        int given = 0;
        foreach (int[][] stratum in Strata())
        {
            Shuffle(stratum, ref random);
            int tested = FoldCount is null ? (int)Math.Round((_split.Share ?? DefaultShare) * stratum.Length) : stratum.Length;
            for (int unit = 0; unit < tested; unit++, given++)
            {
                foreach (int row in stratum[unit])
                {
                    foldOf[row] = FoldCount is { } folds ? given % folds : 0;
                }
            }
        }

        return [.. Enumerable.Range(0, FoldCount ?? 1).Select(fold => Part(row => foldOf[row] == fold))];
    }

    /// <summary>What is drawn together: rows of a class, or groups.</summary>
    private IEnumerable<int[][]> Strata()
    {
        IEnumerable<int> rows = Enumerable.Range(0, _table.Count);
        if (_split.By == SplitSpec.Groups)
        {
            return [[.. rows.GroupBy(row => _table.Groups[row]).Select(static group => group.ToArray())]];
        }

        bool hasClasses = _table.Target.Kind is RowTargetKind.Binary or RowTargetKind.Multiclass;
        return rows.GroupBy(row => hasClasses ? _table.Labels[row] : 0).OrderBy(static stratum => stratum.Key)
            .Select(static stratum => stratum.Select(static row => (int[])[row]).ToArray());
    }

    private static void Shuffle(int[][] units, ref SeededRandom random)
    {
        for (int i = units.Length - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (units[i], units[j]) = (units[j], units[i]);
        }
    }

    private (int[] Train, int[] Test) Part(Func<int, bool> isTest, Func<int, bool>? isTrain = null)
    {
        int[] rows = [.. Enumerable.Range(0, _table.Count)];
        return ([.. rows.Where(row => isTrain?.Invoke(row) ?? !isTest(row))], [.. rows.Where(isTest)]);
    }
}
