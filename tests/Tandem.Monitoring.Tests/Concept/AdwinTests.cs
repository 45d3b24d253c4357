using System.Globalization;
using System.Text.Json;
using Tandem.Monitoring.Concept;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Monitoring.Tests.Concept;

public sealed class AdwinTests
{
    [SharedDataFact]
    public void Add_OfRiversStreams_AlarmsWhereRiverDoes()
    {
        Assert.Equal(Expected("ADWIN() s1"), Alarms(Stream("river_stream_1.csv")));
        Assert.Equal(Expected("ADWIN() multi"), Alarms(Stream("river_stream_multi.csv")));
    }

    [Fact]
    public void Add_OfOnes_NeverAlarms()
    {
        Assert.Empty(Alarms(Enumerable.Repeat(1.0, 20_000)));
    }

    [Fact]
    public void Add_OfAConstantRate_KeepsExactMeanAndVariance()
    {
        Adwin adwin = new();
        SeededRandom random = new(7);
        List<double> values = [];

        for (int i = 0; i < 3000; i++)
        {
            values.Add(random.NextDouble());
            Assert.False(adwin.Add(values[^1]));
        }

        double mean = values.Average();
        Assert.Equal(3000, adwin.Width);
        Assert.Equal(mean, adwin.Mean, 1e-12);
        Assert.Equal(values.Average(v => (v - mean) * (v - mean)), adwin.Variance, 1e-12);
    }

    [Fact]
    public void Add_AfterAlarm_StartsAfresh()
    {
        Adwin adwin = new();
        int at = 0;
        while (!adwin.Add(at < 1000 ? 0 : 1))
        {
            at++;
        }

        Assert.InRange(adwin.Width, 1, 500);
        Assert.Equal(new AdwinCut(1000, 0, at - 999, 1, 0), adwin.LastCut!.Value with { Variance = 0 });

        Assert.False(adwin.Add(0.25));
        Assert.Equal(1, adwin.Width);
        Assert.Equal(0.25, adwin.Mean);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(1023)]
    [InlineData(1024)]
    public void Restore_AtAnyPoint_ContinuesAlike(int point)
    {
        Adwin adwin = new();
        SeededRandom random = new(3);
        for (int i = 0; i < point; i++)
        {
            adwin.Add(random.NextDouble());
        }

        var restored = Adwin.Restore(adwin.Save());

        Assert.True(adwin.Save().IsWhole());
        for (int i = 0; i < 4000; i++)
        {
            double value = random.NextDouble() + (i > 1000 ? 0.3 : 0);
            Assert.Equal(adwin.Add(value), restored.Add(value));
            Assert.Equal(adwin.Mean, restored.Mean);
            Assert.Equal(adwin.Variance, restored.Variance);
        }
    }

    [Fact]
    public void Add_InSteadyState_AllocatesNothing()
    {
        Adwin adwin = new();
        SeededRandom random = new(5);
        for (int i = 0; i < 1000; i++)
        {
            adwin.Add(random.NextDouble());
        }

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                adwin.Add(random.NextDouble());
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Save_OfALongStream_IsSmall()
    {
        Adwin adwin = new();
        for (int i = 0; i < 100_000; i++)
        {
            adwin.Add(i % 2);
        }

        // Five buckets a row, one row a doubling.
        Assert.InRange(adwin.Save().Totals.Count, 1, 5 * 17);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Add_OfWhatIsNotFinite_IsTheCallersFault(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adwin().Add(value));
    }

    [Fact]
    public void Options_ChangeTheAnswer_AndRefuseNonsense()
    {
        double[] stream = [.. Enumerable.Range(0, 4000).Select(i => i < 2000 ? i % 2 : i % 4 == 0 ? 0.0 : 1.0)];

        int usual = Alarms(stream)[0];
        Assert.True(Alarms(stream, new AdwinOptions { Delta = 0.2 })[0] < usual);
        Assert.True(Alarms(stream, new AdwinOptions { Clock = 512 })[0] > usual);
        Assert.NotEqual(usual, Alarms(stream, new AdwinOptions { MinWindowLength = 400 })[0]);
        Assert.True(Alarms(stream, new AdwinOptions { GracePeriod = 3000 })[0] >= 3000);
        Assert.NotEmpty(Alarms(stream, new AdwinOptions { MaxBuckets = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdwinOptions { Delta = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdwinOptions { Clock = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdwinOptions { MaxBuckets = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdwinOptions { MinWindowLength = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdwinOptions { GracePeriod = -1 });
    }

    private static List<int> Alarms(IEnumerable<double> stream, AdwinOptions? options = null)
    {
        Adwin adwin = new(options);
        List<int> alarms = [];
        int at = 0;
        foreach (double value in stream)
        {
            if (adwin.Add(value))
            {
                alarms.Add(at);
            }

            at++;
        }

        return alarms;
    }

    private static List<double> Stream(string name) =>
    [
        .. File.ReadLines(SharedData.Find($"fixtures/{name}"))
            .Select(line => double.Parse(line, CultureInfo.InvariantCulture)),
    ];

    private static List<int> Expected(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Find("fixtures/expected.json")));
        return [.. document.RootElement.GetProperty("river").GetProperty(name).EnumerateArray().Select(n => n.GetInt32())];
    }
}
