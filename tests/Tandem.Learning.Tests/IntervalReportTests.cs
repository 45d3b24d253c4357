namespace Tandem.Learning.Tests;

public sealed class IntervalReportTests
{
    /// <summary>By hand: of the first part 2 of 3 rows are held by ±1, of the second 1 of 2 by ±2.</summary>
    [Fact]
    public void Of_Numbers_CountsWhatIsHeld_EachPartByItsMargin()
    {
        RowScores first = Scores(new RowTarget(RowTargetKind.Number), [0, 0, 0], [1, -1, 1.5f]);
        RowScores second = Scores(new RowTarget(RowTargetKind.Number), [5, 5], [7, 8]);

        var found = IntervalReport.Of([(new ConformalMargin(0.8, 1, 10), first), (new ConformalMargin(0.8, 2, 10), second)]);

        Assert.Equal(("split_conformal", 0.8, 0.6), (found.Method, found.Level, found.Coverage));
        Assert.Equal(((3 * 2) + (2 * 4)) / 5.0, found.Width, 12);
        Assert.Equal(1.5, found.Margin, 12);
        Assert.Null(found.Before);

        // Wilson's interval of 3 of 5.
        Assert.Equal(0.2307, found.Low, 3);
        Assert.Equal(0.8824, found.High, 3);
    }

    [Fact]
    public void Of_Quantiles_MayNarrowThem_AndSaysWhatTheyHeldThemselves()
    {
        RowTarget target = new(RowTargetKind.Quantile) { Quantiles = [0.1, 0.5, 0.9] };
        RowScores scores = Scores(target, [0, 5, 10, 0, 0.1f, 0.2f], [0.5f, 0.1f]);

        var found = IntervalReport.Of([(new ConformalMargin(0.8, -1, 10), scores)]);

        Assert.Equal("conformalized_quantile_regression", found.Method);
        Assert.Equal(1, found.Before);
        Assert.Equal(0, found.Coverage);

        // Ends that passed each other leave nothing between them.
        Assert.Equal((8 + 0) / 2.0, found.Width, 6);
    }

    [Fact]
    public void Mean_OfDivisions_IsThatOfEachFigure()
    {
        IntervalReport one = new("split_conformal", 0.9, 0.8, 0.7, 0.9, 2, 1);
        IntervalReport other = one with { Coverage = 1, Low = 0.8, High = 1, Width = 4, Margin = 2 };

        Assert.Equal(one with { Coverage = 0.9, Low = 0.75, High = 0.95, Width = 3, Margin = 1.5 }, IntervalReport.Mean([one, other]) with
        {
            // 0.9 and 0.95 in binary.
            Coverage = Math.Round(IntervalReport.Mean([one, other]).Coverage, 12),
            High = Math.Round(IntervalReport.Mean([one, other]).High, 12),
        });
    }

    private static RowScores Scores(RowTarget target, float[] values, float[] labels) => new()
    {
        Target = target,
        Values = values,
        Labels = labels,
    };
}
