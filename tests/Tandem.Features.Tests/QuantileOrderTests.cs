using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Features.Evaluation;
using Tandem.Numerics;
using Tandem.Spec;
using Xunit.Abstractions;

namespace Tandem.Features.Tests;

/// <summary>Quantiles of a long series, in windows of every length, against sorting.</summary>
public sealed class QuantileOrderTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ITestOutputHelper _output;

    public QuantileOrderTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(81, 0)]
    [InlineData(82, 400)]
    public void Quantile_WhileEventsCome_EqualsSorting(ulong seed, int latest)
    {
        _output.WriteLine($"seed {seed}");
        SeededRandom random = new(seed);
        IReadOnlyList<FeatureView> views = Views();
        using FeatureStore store = new(views, new FeatureStoreOptions { LookBack = TimeSpan.FromDays(400) });
        List<(DateTimeOffset Time, DateTimeOffset Known, double Number)> events = [];
        for (int n = 0; n < NumberOrder.MostEvents + 300; n++)
        {
            DateTimeOffset known = Start.AddMinutes(n);
            DateTimeOffset time = random.NextInt(10) == 0 ? known.AddMinutes(-random.NextInt(latest + 1)) : known;
            double number = random.NextInt(12) == 0 ? double.NaN : random.NextInt(200) / 8.0;
            events.Add((time, known, number));
            store.Apply(Play(n, time, known, number), new JournalPosition(n));
            if (random.NextInt(40) == 0 || n >= NumberOrder.MostEvents - 3)
            {
                AssertAll(store, views, events, known.AddMinutes(1 - random.NextInt(3)));
            }
        }
    }

    private static void AssertAll(
        FeatureStore store, IReadOnlyList<FeatureView> views,
        List<(DateTimeOffset Time, DateTimeOffset Known, double Number)> events, DateTimeOffset asOf)
    {
        foreach (FeatureDefinition feature in views[0].Features)
        {
            DateTimeOffset from = feature.Spec.Window is { } window
                ? Micros.Moment(SawtoothWindow.Start(Micros.Of(asOf), Micros.Of(window)))
                : DateTimeOffset.MinValue;
            double[] sorted =
            [
                .. events.Where(e => e.Time >= from && e.Time < asOf && e.Known <= asOf && !double.IsNaN(e.Number))
                    .Select(e => e.Number).Order(),
            ];
            double q = feature.Spec.Quantile ?? 0.5;
            double expected = sorted.Length == 0
                ? double.NaN
                : sorted[Math.Clamp((int)Math.Ceiling(q * sorted.Length) - 1, 0, sorted.Length - 1)];
            double actual = store.Read(views[0].Name, feature.Name, "u1", asOf).Number;
            Assert.True(
                expected.Equals(actual) || (feature.Spec.Window is null && Math.Abs(expected - actual) <= expected * 0.01),
                $"{feature.Name} of {sorted.Length} as of {asOf:O}: {expected} but {actual}");
        }
    }

    private static IReadOnlyList<FeatureView> Views() => FeatureView.CompileAll(TestSystem.Spec with
    {
        Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
        {
            ["user_play"] = TestSystem.View(
                "user", "play",
                TestSystem.Feature("median_10m", "quantile", "seconds", TimeSpan.FromMinutes(10)),
                TestSystem.Feature("median_1h", "quantile", "seconds", TimeSpan.FromHours(1)),
                TestSystem.Feature("p90_1h", "quantile", "seconds", TimeSpan.FromHours(1)) with { Quantile = 0.9 },
                TestSystem.Feature("p10_2d", "quantile", "seconds", TimeSpan.FromDays(2)) with { Quantile = 0.1 },
                TestSystem.Feature("median_30d", "quantile", "seconds", TimeSpan.FromDays(30)),
                TestSystem.Feature("median", "quantile", "seconds", null)),
        },
    });

    private static EventRecord Play(int number, DateTimeOffset time, DateTimeOffset known, double seconds)
    {
        string value = double.IsNaN(seconds) ? "null" : seconds.ToString("R", CultureInfo.InvariantCulture);
        return new EventRecord
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"e{number}"),
            Type = "play",
            Entities = [new("user", "u1"), new("item", "i1")],
            EventTime = time,
            KnownTime = known,
            Data = Encoding.UTF8.GetBytes($$"""{"seconds":{{value}}}"""),
        };
    }
}
