using System.Text;
using Tandem.Faults;
using Tandem.Monitoring.Alerts;
using Tandem.Monitoring.Concept;
using Tandem.Numerics;

namespace Tandem.Monitoring.Tests.Concept;

public sealed class ConceptMonitorTests
{
    private const int Seeds = 20;
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(0.45)]
    [InlineData(0.7)]
    public void Add_AtAConstantRate_NeverAlarms(double rate)
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SeededRandom random = new(seed, 1);
            ConceptMonitor monitor = Make();
            for (int i = 0; i < 4 * 5000; i++)
            {
                Alert? alert = Draw(monitor, ref random, rate);
                Assert.True(alert is null, $"seed {seed}: {alert?.What} at {i}");
            }
        }
    }

    [Fact]
    public void Add_AsAModelAges_SeldomAlarmsUntilTheRisesAddUp()
    {
        int earlyAlarms = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SeededRandom random = new(seed, 5);
            ConceptMonitor monitor = Make();

            Alert? early = Run(monitor, ref random, 0.35, 8000).Alert ?? Run(monitor, ref random, 0.37, 8000).Alert;
            Alert? late = early ?? Run(monitor, ref random, 0.44, 8000).Alert;

            earlyAlarms += early is null ? 0 : 1;
            Assert.True(late is { Kind: AlertKind.ConceptDrift }, $"seed {seed}: nine points more were not noticed");
        }

        // A real rise of two points is found by a cut whose newer side may be short and so look larger than it is.
        Assert.InRange(earlyAlarms, 0, 2);
    }

    [Fact]
    public void Add_AfterARise_WarnsWithinTwoThousandChoices()
    {
        List<int> delays = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SeededRandom random = new(seed, 2);
            ConceptMonitor monitor = Make();
            Run(monitor, ref random, 0.45, 5000);

            (Alert? alert, int delay) = Run(monitor, ref random, 0.60, 2000);

            Assert.True(alert is not null, $"seed {seed} saw nothing");
            Assert.Equal(AlertKind.ConceptDrift, alert.Kind);
            Assert.Equal(AlertSeverity.Warning, alert.Severity);
            Assert.InRange(alert.Evidence.Effect, 0.08, 0.4);
            Assert.True(alert.Evidence.P < 0.001);
            Assert.Equal("7", alert.Evidence.Reference);
            Assert.Equal(1, monitor.Rises);
            delays.Add(delay);
        }

        Assert.InRange(delays.Average(), 1, 1000);
    }

    [Fact]
    public void Add_AfterAFall_ReportsImprovementAndNoAlarm()
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SeededRandom random = new(seed, 3);
            ConceptMonitor monitor = Make();
            Run(monitor, ref random, 0.60, 5000);

            (Alert? alert, _) = Run(monitor, ref random, 0.45, 2000);

            Assert.True(alert is not null, $"seed {seed} saw nothing");
            Assert.Equal(AlertKind.Improvement, alert.Kind);
            Assert.Equal(AlertSeverity.Notice, alert.Severity);
            Assert.True(alert.Evidence.Effect < 0);
            Assert.Equal(0, monitor.Rises);
        }
    }

    [Theory]
    [InlineData(1, 3, 0)]
    [InlineData(3, 3, 0)]
    [InlineData(4, 3, 1)]
    [InlineData(null, 3, 1)]
    [InlineData(4, 5, 0)]
    public void Add_CountsAsErrorWhatWasNotRankedFirst(int? rank, int topPositions, double expected)
    {
        ConceptMonitor monitor = new("video", new ConceptOptions { TopPositions = topPositions }, _clock);
        Assert.Null(monitor.ErrorRate);

        monitor.Add(rank, "1");

        Assert.Equal(expected, monitor.ErrorRate);
        Assert.Equal(1, monitor.Observed);
    }

    [Fact]
    public void Add_WithAStricterDelta_NoticesLater()
    {
        int usual = DelayWith(0.002);
        int strict = DelayWith(1e-9);

        Assert.True(strict > usual);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConceptOptions { Delta = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConceptOptions { TopPositions = 0 });
    }

    [Fact]
    public void Alert_SaysWhatHappenedInASentence()
    {
        ConceptMonitor monitor = Make();
        Alert? alert = null;
        for (int i = 0; alert is null; i++)
        {
            alert = monitor.Add(i < 2000 || i % 2 == 0 ? 1 : 9, "7");
        }

        Assert.StartsWith("The error rate of video rose from 0.0", alert.What, StringComparison.Ordinal);
        Assert.EndsWith("version 7 had not ranked among its first 3.", alert.What, StringComparison.Ordinal);
        Assert.StartsWith("concept-drift:video:7:", alert.Key, StringComparison.Ordinal);
        Assert.Equal(_clock.Now, alert.Time);
    }

    [Fact]
    public void Restore_FromWhatWasSaved_ContinuesAlike()
    {
        SeededRandom random = new(11);
        ConceptMonitor monitor = Make();
        Run(monitor, ref random, 0.4, 1000);

        var restored = ConceptMonitor.Restore(monitor.Save(), _clock);

        Assert.Equal(monitor.Observed, restored.Observed);
        Alert? alert = null;
        for (int i = 0; i < 2000; i++)
        {
            int rank = random.NextDouble() < 0.7 ? 9 : 1;
            Alert? one = monitor.Add(rank, "7");
            Alert? other = restored.Add(rank, "7");
            Assert.Equal(one?.Key, other?.Key);
            alert ??= one;
        }

        Assert.NotNull(alert);
        Assert.Equal(Encoding.UTF8.GetString(monitor.Save()), Encoding.UTF8.GetString(restored.Save()));
    }

    [Theory]
    [InlineData("", "MON001")]
    [InlineData("{}", "MON001")]
    [InlineData("{\"format\":\"tandem.drift-report/1\"}", "MON001")]
    [InlineData("{\"format\":\"tandem.concept-monitor/2\"}", "MON002")]
    [InlineData("{\"format\":\"tandem.concept-monitor/1\",\"record\":{}}", "MON001")]
    public void Restore_FromSomethingElse_SaysWhat(string file, string code)
    {
        TandemException refused = Assert.Throws<TandemException>(
            () => ConceptMonitor.Restore(Encoding.UTF8.GetBytes(file), _clock));

        Assert.Equal(code, refused.Fault.Code);
    }

    [Theory]
    [InlineData("\"width\": 10", "\"width\": 11")]
    [InlineData("\"delta\": 0.002", "\"delta\": 2")]
    [InlineData("\"topPositions\": 3", "\"topPositions\": 0")]
    public void Restore_FromAChangedState_IsRefused(string what, string by)
    {
        ConceptMonitor monitor = Make();
        for (int i = 0; i < 10; i++)
        {
            monitor.Add(i, "7");
        }

        string file = Encoding.UTF8.GetString(monitor.Save());
        Assert.Contains(what, file, StringComparison.Ordinal);
        byte[] changed = Encoding.UTF8.GetBytes(file.Replace(what, by, StringComparison.Ordinal));

        TandemException refused = Assert.Throws<TandemException>(() => ConceptMonitor.Restore(changed, _clock));

        Assert.Equal("MON001", refused.Fault.Code);
    }

    private ConceptMonitor Make() => new("video", new ConceptOptions(), _clock);

    private int DelayWith(double delta)
    {
        SeededRandom random = new(1);
        ConceptMonitor monitor = new("video", new ConceptOptions { Delta = delta }, _clock);
        Run(monitor, ref random, 0.45, 5000);
        return Run(monitor, ref random, 0.60, 10_000).Delay;
    }

    private static Alert? Draw(ConceptMonitor monitor, ref SeededRandom random, double rate) =>
        monitor.Add(random.NextDouble() < rate ? 4 : 3, "7");

    private static (Alert? Alert, int Delay) Run(
        ConceptMonitor monitor, ref SeededRandom random, double rate, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (Draw(monitor, ref random, rate) is { } alert)
            {
                return (alert, i);
            }
        }

        return (null, count);
    }
}
