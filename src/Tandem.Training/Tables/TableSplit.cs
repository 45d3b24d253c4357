using System.Globalization;
using Tandem.Learning;
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
            SplitSpec.Time => [ByTime()],
            SplitSpec.Groups => Drawn(
                (folds, at) => RowFolds.Grouped(table.Groups, folds, at),
                share => RowFolds.RandomGroups(table.Groups, share, split.Repeats, seed)),
            _ => Drawn(
                (folds, at) => RowFolds.Stratified(Classes(), folds, at),
                share => RowFolds.Random(Classes(), share, split.Repeats, seed)),
        };
        if (Repeats.Any(folds => folds.Count == 0 || folds.Any(fold => fold.Train.Length == 0 || fold.Test.Length == 0)))
        {
            throw TrainingErrors.EmptyPart(split.By, table.Count);
        }
    }

    /// <summary>For each time that rows were drawn the parts that judge in turn: rows to learn from, and rows to judge
    /// on, both rising.</summary>
    public IReadOnlyList<IReadOnlyList<RowFold>> Repeats { get; }

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

    private IReadOnlyList<RowFold>[] Drawn(
        Func<int, ulong, IReadOnlyList<RowFold>> inFolds, Func<double, IReadOnlyList<RowFold>> byShare) =>
        FoldCount is { } folds
            ? [.. Enumerable.Range(0, _split.Repeats).Select(repeat => inFolds(folds, _seed + (ulong)repeat))]
            : [.. byShare(_split.Share ?? DefaultShare).Select(static fold => (RowFold[])[fold])];

    /// <summary>What rows are drawn alike by: their classes, of the treated and of the others.</summary>
    private float[] Classes()
    {
        float[] classes = RowFolds.ClassesOf(_table.Target, _table.Labels);
        return _table.Treated.Length == 0
            ? classes
            : [.. classes.Select((label, row) => (2 * label) + (_table.Treated[row] ? 1 : 0))];
    }

    private RowFold ByFiles() => _table.IsTest.Length == 0
        ? throw TrainingErrors.NoParts("the table")
        : Divide(row => !_table.IsTest[row], row => _table.IsTest[row]);

    /// <summary>Cuts between two moments, so that rows of one moment, and of one group, stay together.</summary>
    private IReadOnlyList<RowFold> ByTime()
    {
        long[] moments = _table.Times.Length > 0 ? [.. _table.Times] : [.. Enumerable.Range(0, _table.Count)];
        for (int row = 1; row < _table.Groups.Length; row++)
        {
            // Rows of a group stand together: all take the first one's moment.
            moments[row] = _table.Groups[row] == _table.Groups[row - 1] ? moments[row - 1] : moments[row];
        }

        long gap = _table.Times.Length > 0 ? (long)_split.Gap.TotalMicroseconds : 0;
        if (!IsByWindow)
        {
            return RowFolds.ByTime(moments, _split.Share ?? DefaultShare, folds: 1, gap);
        }

        long start = moments.Max() + 1 - (long)_split.Test.TotalMicroseconds;
        return [Divide(row => moments[row] < start - gap, row => moments[row] >= start)];
    }

    private RowFold Divide(Func<int, bool> isTrain, Func<int, bool> isTest)
    {
        int[] rows = [.. Enumerable.Range(0, _table.Count)];
        return new RowFold([.. rows.Where(isTrain)], [.. rows.Where(isTest)]);
    }
}
