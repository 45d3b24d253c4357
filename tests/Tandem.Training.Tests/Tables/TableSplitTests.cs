using Tandem.Faults;
using Tandem.Learning;
using Tandem.Spec;
using Tandem.Training.Tables;

namespace Tandem.Training.Tests.Tables;

public sealed class TableSplitTests
{
    private static readonly SplitSpec Random = new() { By = SplitSpec.Random };

    [Fact]
    public void ByRandom_TakesEachClassByItsShare_AndTheSameRowsForTheSameSeed()
    {
        RowTable table = Table(1000, positives: 100);

        (int[] train, int[] test) = TableSplit.Of(table, Random, 7).Repeats[0][0];

        Assert.Equal(200, test.Length);
        Assert.Equal(20, test.Count(row => table.Labels[row] > 0));
        Assert.Equal(Enumerable.Range(0, 1000), train.Concat(test).Order());
        Assert.Equal(test, TableSplit.Of(table, Random, 7).Repeats[0][0].Test);
        Assert.NotEqual(test, TableSplit.Of(table, Random, 8).Repeats[0][0].Test);
    }

    [Fact]
    public void ByRandom_WithFolds_JudgesEachRowOnce_InPartsAlike()
    {
        RowTable table = Table(103, positives: 13);

        IReadOnlyList<IReadOnlyList<RowFold>> repeats =
            TableSplit.Of(table, Random with { Folds = 5, Repeats = 3 }, 7).Repeats;

        Assert.Equal(3, repeats.Count);
        Assert.All(repeats, folds =>
        {
            Assert.Equal(Enumerable.Range(0, 103), folds.SelectMany(static fold => fold.Test).Order());
            Assert.All(folds, fold => Assert.InRange(fold.Test.Count(row => table.Labels[row] > 0), 2, 3));
            Assert.All(folds, static fold => Assert.InRange(fold.Test.Length, 20, 21));
            Assert.All(folds, static fold => Assert.Empty(fold.Train.Intersect(fold.Test)));
        });
        Assert.NotEqual(repeats[0][0].Test, repeats[1][0].Test);
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(0.3, 1)]
    public void ByGroups_NeverDividesOne(double? share, int folds)
    {
        RowTable table = Table(60, positives: 20) with { Groups = [.. Enumerable.Range(0, 60).Select(static row => row / 4)] };

        IReadOnlyList<RowFold> found =
            TableSplit.Of(table, new SplitSpec { By = SplitSpec.Groups, Share = share }, 3).Repeats[0];

        Assert.Equal(folds, found.Count);
        Assert.All(found, fold => Assert.Empty(
            fold.Train.Select(row => table.Groups[row]).Intersect(fold.Test.Select(row => table.Groups[row]))));
    }

    [Fact]
    public void ByTime_JudgesOnTheLast_AndKeepsOneMomentTogether()
    {
        RowTable table = Table(10, positives: 5);
        RowTable dated = table with { Times = [5, 5, 5, 1, 2, 3, 4, 9, 9, 9] };
        SplitSpec last = new() { By = SplitSpec.Time, Share = 0.2 };

        Assert.Equal([8, 9], TableSplit.Of(table, last, 1).Repeats[0][0].Test);
        Assert.Equal([7, 8, 9], TableSplit.Of(dated, last, 1).Repeats[0][0].Test);

        // The last 5 µs are from 5 on; the 3 µs before them nobody sees.
        (int[] train, int[] test) = TableSplit.Of(
            dated, new SplitSpec { By = SplitSpec.Time, Test = TimeSpan.FromMicroseconds(5), Gap = TimeSpan.FromMicroseconds(3) }, 1)
            .Repeats[0][0];
        Assert.Equal([0, 1, 2, 7, 8, 9], test);
        Assert.Equal([3], train);
    }

    [Theory]
    [InlineData(SplitSpec.Files, "TRN004")]
    [InlineData(SplitSpec.Random, "TRN013")]
    public void Of_WithoutRowsOnOneSide_IsACodedFault(string by, string code)
    {
        Assert.Equal(
            code,
            Assert.Throws<TandemException>(() => TableSplit.Of(Table(2, positives: 1), new SplitSpec { By = by }, 1)).Fault.Code);
    }

    private static RowTable Table(int count, int positives) => new()
    {
        Numbers = ["x"],
        Values = new float[count],
        Target = RowTarget.Binary,
        Labels = [.. Enumerable.Range(0, count).Select(row => row < positives ? 1f : 0f)],
    };
}
