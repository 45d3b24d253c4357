using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Features.Tests;

public sealed class FeatureViewTests
{
    [Fact]
    public void Version_OfTheSameMeaning_IsTheSame()
    {
        FeatureViewSpec spec = TestSystem.Spec.Features["user_long_play"];

        string version = Compile(spec).Version;

        Assert.StartsWith("sha256:", version, StringComparison.Ordinal);
        Assert.Equal(version, Compile(spec with { Description = "other", Owner = "someone" }).Version);
        Assert.Equal(version, Compile(spec with
        {
            Where = [.. spec.Where.Reverse()],
            Aggregates = [.. spec.Aggregates.Reverse()],
        }).Version);
    }

    [Fact]
    public void Version_OfAnotherMeaning_IsAnother()
    {
        FeatureViewSpec spec = TestSystem.Spec.Features["user_long_play"];
        AggregateSpec sum = spec.Aggregates[1];
        FeatureViewSpec[] others =
        [
            spec,
            spec with { TimeToLive = null },
            spec with { Entity = "item" },
            spec with { Where = [spec.Where[0]] },
            spec with { Where = [spec.Where[0] with { Value = 4.0 }, spec.Where[1]] },
            spec with { Aggregates = [spec.Aggregates[0]] },
            spec with { Aggregates = [spec.Aggregates[0], sum with { Window = TimeSpan.FromDays(8) }] },
            spec with { Aggregates = [spec.Aggregates[0], sum with { Operator = "mean" }] },
            spec with { Aggregates = [spec.Aggregates[0], sum with { Column = "rank" }] },
        ];

        string[] versions = [.. others.Select(o => Compile(o).Version)];

        Assert.Equal(others.Length, versions.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void CompileAll_OfWrongViews_ReportsEveryFault()
    {
        SystemSpec spec = TestSystem.Spec with
        {
            Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
            {
                ["a"] = TestSystem.View("user", "absent"),
                ["b"] = TestSystem.View("video", "play",
                    TestSystem.Feature("x", "median", "seconds", null),
                    TestSystem.Feature("y", "sum", "device", null),
                    TestSystem.Feature("z", "last", "absent", null),
                    TestSystem.Feature("k", "last_k", "item", null, 0)) with
                {
                    Where = [new ConditionSpec { Column = "liked", Operator = "==", Value = 1.0 }],
                },
                ["c"] = TestSystem.View("user", "check_in",
                    TestSystem.Feature("w", "count", null, TimeSpan.FromDays(1))),
            },
        };

        TandemException refused = Assert.Throws<TandemException>(() => FeatureView.CompileAll(spec));

        Assert.Equal(
            ["FEA001", "FEA002", "FEA006", "FEA004", "FEA005", "FEA003", "FEA005", "FEA005"],
            refused.Faults.Select(f => f.Code),
            StringComparer.Ordinal);
    }

    private static FeatureView Compile(FeatureViewSpec view) => FeatureView.CompileAll(TestSystem.Spec with
    {
        Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal) { ["view"] = view },
    })[0];
}
