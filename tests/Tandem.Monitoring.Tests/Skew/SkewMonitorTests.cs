using Tandem.Monitoring.Alerts;
using Tandem.Monitoring.Skew;
using Tandem.Storage;
using Tandem.Testing;

namespace Tandem.Monitoring.Tests.Skew;

public sealed class SkewMonitorTests
{
    private static readonly DateTimeOffset Day = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly SkewMonitor Monitor = new(new ManualClock { Now = Day.AddDays(1) });

    [Fact]
    public void Compare_OfFourRowsWithOneOfEachFault_CountsThemAndNamesTheFirst()
    {
        SkewReport report = Compare(
            ["user:clicks", "item:price"],
            served: [1, 10, float.NaN, 20, 3, 30, 4, float.NaN],
            rebuilt: [1, 10, 2, 20, 5, 30, float.NaN, float.NaN]);

        FeatureSkew clicks = report.Features[0];
        Assert.Equal((4, 3, 1, 1), (clicks.Rows, clicks.Mismatched, clicks.Missing, clicks.Extra));
        // Both sides have a value in rows 0 and 2: |1-1| + |3-5| over 1+1+3+5.
        Assert.Equal(0.2, clicks.Smape);
        Assert.Equal((-1.0, 2.0), (clicks.MeanDifference, clicks.LargestDifference));
        Assert.Equal(new SkewRow("e1", "user=u1", Day.AddMinutes(1), null, 2), clicks.First);
        Assert.Equal((0, 0.0, null), (report.Features[1].Mismatched, report.Features[1].Smape, report.Features[1].First));
        Assert.Equal((8, 3), (report.Values, report.Mismatched));
        Assert.Equal(
            "3 of 8 values of 4 answers differ from training's; first user:clicks of user=u1: served null, rebuilt 2",
            report.Words);
    }

    [Fact]
    public void Compare_OfEqualRows_FindsNothingAndRaisesNoAlert()
    {
        SkewReport report = Compare(["a:x"], [1.5f, float.NaN, 0], [1.5f, float.NaN, 0]);

        Assert.Equal(0, report.Mismatched);
        Assert.Null(report.ToAlert());
        Assert.Equal("0 of 3 values of 3 answers differ from training's", report.Words);
    }

    [Fact]
    public void Compare_OfValuesOneBitApart_IsAMismatch()
    {
        SkewReport report = Compare(["a:x"], [1], [MathF.BitIncrement(1)]);

        Assert.Equal(1, report.Mismatched);
    }

    [Fact]
    public void Compare_OfNoRows_SaysSo()
    {
        SkewReport report = Compare(["a:x"], [], []);

        Assert.Equal("no answers to compare", report.Words);
        Assert.Null(report.Features[0].Smape);
        Assert.Null(report.ToAlert());
    }

    [Fact]
    public void ToAlert_OfAMismatch_IsCriticalAndNamesTheFeaturesAndTheShare()
    {
        Alert alert = Compare(["a:x", "a:y"], [1, 2, 3, 4], [1, 2, 3, 5]).ToAlert()!;

        Assert.Equal((AlertKind.Skew, AlertSeverity.Critical, "shop"), (alert.Kind, alert.Severity, alert.Where));
        Assert.Equal((0.25, 2), (alert.Evidence.Effect, alert.Evidence.Rows));
        Assert.Equal(["a:y"], alert.Evidence.Features);
        Assert.Equal("skew:shop:a:y:2026-01-02", alert.Key);
        Assert.Contains("served 4, rebuilt 5", alert.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_AreKeptByTimeAndReadBackNewestFirst()
    {
        using TestFolder folder = new();
        SkewReports reports = new(new FolderStore(folder.Path));
        SkewReport older = Compare(["a:x"], [1], [2]);
        SkewReport newer = Compare(["a:x"], [1], [1]) with { Time = older.Time.AddHours(1) };

        await reports.AddAsync(older);
        await reports.AddAsync(newer);

        List<SkewReport> read = await reports.ListAsync().ToListAsync();
        Assert.Equal([newer.Time, older.Time], read.Select(report => report.Time));
        Assert.Equal(older.Features, read[1].Features);
    }

    private static SkewReport Compare(string[] features, float[] served, float[] rebuilt)
    {
        int rows = served.Length / features.Length;
        return Monitor.Compare("shop", Day, Day.AddDays(1), new ServedRows
        {
            Features = features,
            Events = [.. Enumerable.Range(0, rows).Select(row => $"e{row}")],
            About = [.. Enumerable.Range(0, rows).Select(row => $"user=u{row}")],
            Times = [.. Enumerable.Range(0, rows).Select(row => Day.AddMinutes(row))],
            Served = served,
            Rebuilt = rebuilt,
            Keys = rows,
            Share = 1,
            LeftOut = 0,
        });
    }
}
