using Tandem.Monitoring.Alerts;
using Tandem.Monitoring.Drift;
using Tandem.Numerics;

namespace Tandem.Monitoring.Tests.Drift;

public sealed class DriftMonitorTests
{
    private const int Features = 10;
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(500)]
    [InlineData(2000)]
    public void Compare_WithoutDrift_FlagsAtMostOneReportInTwenty(int rows)
    {
        const int Seeds = 100;
        int flagged = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SeededRandom random = new(seed, (ulong)rows);
            DriftReport report = Make().Compare("video", "3", Profiles(ref random, 5000), Columns(ref random, rows));

            Assert.NotEqual(DriftVerdict.InsufficientData, report.Verdict);
            flagged += report.Verdict == DriftVerdict.Drifted ? 1 : 0;
        }

        Assert.InRange(flagged, 0, Seeds / 20);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(5000)]
    public void Compare_AfterAShiftOfHalfADeviation_AlwaysFlagsThatFeatureAlone(int rows)
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            SeededRandom random = new(seed, (ulong)rows);
            FeatureProfile[] profiles = Profiles(ref random, 5000);
            FeatureColumn[] columns = Columns(ref random, rows);
            columns[4] = columns[4] with { Values = columns[4].Values.ToArray().Select(x => x + 0.5f).ToArray() };

            DriftReport report = Make().Compare("video", "3", profiles, columns);

            FeatureDrift drifted = Assert.Single(report.Features, f => f.Verdict == DriftVerdict.Drifted);
            Assert.True(drifted.Name == "f4", $"seed {seed}");
            Assert.Equal(DriftVerdict.Drifted, report.Verdict);
        }
    }

    [Fact]
    public void Compare_OfManyRowsWithAHarmlessShift_FlagsNothing()
    {
        SeededRandom random = new(1);
        float[] before = Gaussian(ref random, 100_000, 0, 1);
        float[] after = Gaussian(ref random, 100_000, 0.05, 1);

        DriftReport report = Make().Compare("video", "3", [FeatureProfile.Of("x", before)], [new("x", after)]);

        Assert.Equal(DriftVerdict.Steady, report.Verdict);
        Assert.True(report.Features[0].P < 0.01, "It is significant, and too small to matter.");
    }

    [Fact]
    public void Compare_AfterAChangeOfSpread_FlagsItByPsi()
    {
        SeededRandom random = new(2);
        float[] before = Gaussian(ref random, 5000, 0, 1);
        float[] after = Gaussian(ref random, 5000, 0, 1.6);

        DriftReport report = Make().Compare("video", "3", [FeatureProfile.Of("x", before)], [new("x", after)]);

        Assert.Equal(DriftVerdict.Drifted, report.Verdict);
        Assert.True(report.Features[0].Psi >= 0.1);
    }

    [Fact]
    public void Compare_WithTooFewRows_SaysSoHoweverFarTheyMoved()
    {
        SeededRandom random = new(3);
        float[] before = Gaussian(ref random, 5000, 0, 1);

        DriftReport report = Make().Compare(
            "video", "3", [FeatureProfile.Of("x", before)], [new("x", Gaussian(ref random, 499, 9, 1))]);

        Assert.Equal(DriftVerdict.InsufficientData, report.Verdict);
        Assert.Null(report.Features[0].P);
        Assert.Null(report.ToAlert());
        Assert.Equal("x has too few values to say: 500 are needed, then and now.", report.Features[0].Words);
    }

    [Fact]
    public void Compare_WithASmallReference_SaysSoToo()
    {
        SeededRandom random = new(3);

        DriftReport report = Make().Compare(
            "video",
            "3",
            [FeatureProfile.Of("x", Gaussian(ref random, 100, 0, 1))],
            [new("x", Gaussian(ref random, 5000, 9, 1))]);

        Assert.Equal(DriftVerdict.InsufficientData, report.Verdict);
    }

    [Fact]
    public void Compare_WhenValuesGoMissing_FlagsTheShare()
    {
        SeededRandom random = new(4);
        float[] before = Gaussian(ref random, 5000, 0, 1);
        float[] after = Gaussian(ref random, 2000, 0, 1);
        for (int i = 0; i < after.Length; i += 5)
        {
            after[i] = float.NaN;
        }

        DriftReport report = Make().Compare("video", "3", [FeatureProfile.Of("x", before)], [new("x", after)]);

        Assert.Equal(DriftVerdict.Drifted, report.Verdict);
        Assert.Equal(0.2, report.Features[0].CurrentNullShare);
        Assert.StartsWith(
            "x is missing in 20.0 % of rows, was in 0.0 %", report.Features[0].Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_WhenAllValuesGoMissing_FlagsThatWithoutADistance()
    {
        SeededRandom random = new(4);
        float[] before = Gaussian(ref random, 5000, 0, 1);
        float[] nothing = new float[2000];
        Array.Fill(nothing, float.NaN);

        DriftReport report = Make().Compare("video", "3", [FeatureProfile.Of("x", before)], [new("x", nothing)]);

        Assert.Equal(DriftVerdict.Drifted, report.Verdict);
        Assert.Null(report.Features[0].Ks);
        Assert.Equal(["x"], report.ToAlert()!.Evidence.Features);
    }

    [Fact]
    public void Compare_OfAConstantColumn_IsSteady()
    {
        float[] ones = new float[1000];
        Array.Fill(ones, 1);

        DriftReport report = Make().Compare("video", "3", [FeatureProfile.Of("x", ones)], [new("x", ones)]);

        Assert.Equal(DriftVerdict.Steady, report.Verdict);
        Assert.Equal(0, report.Features[0].Psi);
        Assert.Equal(0, report.Features[0].Ks);
    }

    [Fact]
    public void Compare_OfUnequalNames_JudgesWhatTheyShare()
    {
        SeededRandom random = new(5);
        float[] column = Gaussian(ref random, 1000, 0, 1);

        DriftReport report = Make().Compare(
            "video",
            "3",
            [FeatureProfile.Of("both", column), FeatureProfile.Of("gone", column)],
            [new("both", column), new("new", column)]);

        Assert.Equal("both gone", string.Join(' ', report.Features.Select(feature => feature.Name)));
        Assert.Equal(
            [DriftVerdict.Steady, DriftVerdict.InsufficientData], report.Features.Select(feature => feature.Verdict));
        Assert.Equal(DriftVerdict.Steady, report.Verdict);
    }

    [Fact]
    public void Compare_OfNothing_HasInsufficientData()
    {
        Assert.Equal(DriftVerdict.InsufficientData, Make().Compare("video", "3", [], []).Verdict);
    }

    [Fact]
    public void Compare_AfterAShift_SaysItInWordsAndAsAnAlert()
    {
        float[] before = [.. Enumerable.Range(0, 1000).Select(i => (float)i)];
        float[] after = [.. Enumerable.Range(0, 1000).Select(i => i + 300f)];

        DriftReport report = Make().Compare(
            "video", "3", [FeatureProfile.Of("seconds", before)], [new("seconds", after)]);
        Alert alert = report.ToAlert()!;

        Assert.Equal(
            "1 of 1 features of video are not as in the training set of version 3: seconds.", report.Words);
        Assert.StartsWith(
            "seconds rose: its middle value went from 500 to 800 (PSI", report.Features[0].Words, StringComparison.Ordinal);
        Assert.Equal((AlertKind.DataDrift, AlertSeverity.Warning, "video"), (alert.Kind, alert.Severity, alert.Where));
        Assert.Equal(0.3, alert.Evidence.Effect, 1e-12);
        Assert.Equal((1000, "3"), (alert.Evidence.Rows, alert.Evidence.Reference));
        Assert.Equal("data-drift:video:3:seconds:2026-01-02", alert.Key);
    }

    [Fact]
    public void Options_DecideWhatCounts()
    {
        SeededRandom random = new(6);
        FeatureProfile[] profiles = [FeatureProfile.Of("x", Gaussian(ref random, 5000, 0, 1))];
        float[] after = Gaussian(ref random, 600, 0.5, 1);
        after[0] = float.NaN;
        FeatureColumn[] columns = [new("x", after)];

        DriftVerdict With(DriftOptions options) =>
            new DriftMonitor(options, _clock).Compare("video", "3", profiles, columns).Verdict;

        Assert.Equal(DriftVerdict.Drifted, With(new DriftOptions()));
        Assert.Equal(DriftVerdict.Drifted, With(new DriftOptions { MinimumPsi = 9 }));
        Assert.Equal(DriftVerdict.Drifted, With(new DriftOptions { MinimumKs = 0.9 }));
        Assert.Equal(DriftVerdict.Steady, With(new DriftOptions { MinimumPsi = 9, MinimumKs = 0.9 }));
        Assert.Equal(DriftVerdict.Steady, With(new DriftOptions { Alpha = 1e-60 }));
        Assert.Equal(DriftVerdict.InsufficientData, With(new DriftOptions { MinimumRows = 601 }));
        DriftOptions nullsOnly = new() { MinimumPsi = 9, MinimumKs = 0.9, MinimumNullChange = 0.001, Alpha = 0.5 };
        Assert.Equal(DriftVerdict.Drifted, With(nullsOnly));
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DriftOptions { MinimumPsi = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DriftOptions { MinimumKs = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DriftOptions { MinimumNullChange = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DriftOptions { Alpha = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DriftOptions { MinimumRows = 0 });
    }

    private DriftMonitor Make() => new(new DriftOptions(), _clock);

    private static FeatureProfile[] Profiles(ref SeededRandom random, int rows)
    {
        var profiles = new FeatureProfile[Features];
        for (int f = 0; f < Features; f++)
        {
            profiles[f] = FeatureProfile.Of($"f{f}", Gaussian(ref random, rows, 0, 1));
        }

        return profiles;
    }

    private static FeatureColumn[] Columns(ref SeededRandom random, int rows)
    {
        var columns = new FeatureColumn[Features];
        for (int f = 0; f < Features; f++)
        {
            columns[f] = new FeatureColumn($"f{f}", Gaussian(ref random, rows, 0, 1));
        }

        return columns;
    }

    private static float[] Gaussian(ref SeededRandom random, int rows, double mean, double deviation)
    {
        float[] values = new float[rows];
        for (int i = 0; i < rows; i++)
        {
            values[i] = (float)(mean + (deviation * random.NextGaussian()));
        }

        return values;
    }
}
