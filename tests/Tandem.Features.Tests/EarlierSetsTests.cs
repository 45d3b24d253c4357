using System.Text;
using Tandem.Events;
using Tandem.Lake;
using Tandem.Numerics;
using Tandem.Spec;

namespace Tandem.Features.Tests;

public sealed class EarlierSetsTests
{
    private static readonly DateTimeOffset End = RandomHistory.Start.AddDays(25);

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    [InlineData(43)]
    public async Task Build_WithAChangedView_ComputesThatAlone_AndIsWhatScratchGives(ulong seed)
    {
        SeededRandom random = new(seed);
        List<EventRecord> log = RandomHistory.Events(ref random, 400, isInKnownOrder: true);
        Spine spine = Rows(ref random, 60);
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        using LakeSnapshot snapshot = await lake.FillAsync(log);
        TrainingSet first = await BuildAsync(snapshot, spine, TestSystem.Views, earlier: null);
        await first.SaveAsync(lake.Store);
        IReadOnlyList<FeatureView> changed = Changed("item_play");

        TrainingSet reused = await BuildAsync(snapshot, spine, changed, new EarlierSets(lake.Store));
        TrainingSet scratch = await BuildAsync(snapshot, spine, changed, earlier: null);
        await reused.SaveAsync(lake.Store);
        TrainingSet again = await BuildAsync(snapshot, spine, TestSystem.Views, new EarlierSets(lake.Store));

        Assert.Equal(scratch.Hash, reused.Hash);
        Assert.NotEqual(first.Hash, reused.Hash, StringComparer.Ordinal);
        Assert.Equal(Names(changed).Except(["item_play"], StringComparer.Ordinal), reused.Reused.Keys, StringComparer.Ordinal);
        Assert.All(reused.Reused.Values, hash => Assert.Equal(first.Hash, hash));
        Assert.Empty(scratch.Reused);
        Assert.Equal(first.Hash, again.Hash);
        Assert.Equal(Names(TestSystem.Views), again.Reused.Keys, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Build_AfterEventsThatTheMomentKnows_ComputesTheirSourceAnew()
    {
        SeededRandom random = new(44);
        List<EventRecord> log = RandomHistory.Events(ref random, 400, isInKnownOrder: true);
        Spine spine = Rows(ref random, 60);
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        using LakeSnapshot before = await lake.FillAsync(log);
        await (await BuildAsync(before, spine, TestSystem.Views, earlier: null)).SaveAsync(lake.Store);

        using LakeSnapshot later = await lake.FillAsync([Play("later", End.AddDays(1))]);
        TrainingSet same = await BuildAsync(later, spine, TestSystem.Views, new EarlierSets(lake.Store));
        TrainingSet sameScratch = await BuildAsync(later, spine, TestSystem.Views, earlier: null);
        using LakeSnapshot late = await lake.FillAsync([Play("late", RandomHistory.Start.AddHours(1))]);
        TrainingSet changed = await BuildAsync(late, spine, TestSystem.Views, new EarlierSets(lake.Store));
        TrainingSet changedScratch = await BuildAsync(late, spine, TestSystem.Views, earlier: null);

        Assert.Equal(Names(TestSystem.Views), same.Reused.Keys, StringComparer.Ordinal);
        Assert.Equal(sameScratch.Hash, same.Hash);
        Assert.Equal(["item_state", "user_check_in"], changed.Reused.Keys, StringComparer.Ordinal);
        Assert.Equal(changedScratch.Hash, changed.Hash);
    }

    [Fact]
    public async Task Build_AfterAnErasure_ComputesWhatThePersonWasIn()
    {
        SeededRandom random = new(45);
        List<EventRecord> log = RandomHistory.Events(ref random, 400, isInKnownOrder: true);
        Spine spine = Rows(ref random, 60);
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        using LakeSnapshot before = await lake.FillAsync(log);
        await (await BuildAsync(before, spine, TestSystem.Views, earlier: null)).SaveAsync(lake.Store);

        await lake.Lake.EraseAsync(new ErasedPerson("user", "u1"));
        using LakeSnapshot after = await lake.Lake.SnapshotAsync();
        TrainingSet built = await BuildAsync(after, spine, TestSystem.Views, new EarlierSets(lake.Store));
        TrainingSet scratch = await BuildAsync(after, spine, TestSystem.Views, earlier: null);

        Assert.Equal(before.Manifest.Number, after.Manifest.Number);
        Assert.DoesNotContain("user_play", built.Reused.Keys, StringComparer.Ordinal);
        Assert.Equal(scratch.Hash, built.Hash);
    }

    [Fact]
    public async Task Build_OfOtherRowsOrAnotherMoment_TakesNothingOver()
    {
        SeededRandom random = new(46);
        Spine spine = Rows(ref random, 60);
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        using LakeSnapshot snapshot = await lake.FillAsync(RandomHistory.Events(ref random, 200, isInKnownOrder: true));
        await (await BuildAsync(snapshot, spine, TestSystem.Views, earlier: null)).SaveAsync(lake.Store);
        EarlierSets earlier = new(lake.Store);

        TrainingSet otherLabels = await BuildAsync(
            snapshot, spine with { Labels = [.. spine.Labels.Select(static label => 1 - label)] }, TestSystem.Views, earlier);
        TrainingSet otherMoment = await TrainingSetBuilder.BuildAsync(
            snapshot, spine, FeatureSet.Create(TestSystem.Views), End.AddHours(1), progress: null, earlier);

        Assert.Empty(otherLabels.Reused);
        Assert.Empty(otherMoment.Reused);
    }

    [Fact]
    public async Task Build_OfPairs_LooksAtTheTableThatSaysTheSecond_AndNeverTakesOverWhatRequestsSay()
    {
        SeededRandom random = new(47);
        Spine spine = Rows(ref random, 60);
        spine = spine with
        {
            Request = new Dictionary<string, RequestColumn>(StringComparer.Ordinal)
            {
                ["device"] = new() { Texts = [.. spine.Times.Select(static time => time % 3 == 0 ? "tv" : "pc")] },
            },
        };
        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(PairSystem.Design);
        await using TestLake lake = await TestLake.OpenAsync(PairSystem.Design);
        using LakeSnapshot before = await lake.FillAsync(RandomHistory.Events(ref random, 400, isInKnownOrder: true));
        await (await BuildAsync(before, spine, views, earlier: null)).SaveAsync(lake.Store);
        EarlierSets earlier = new(lake.Store);

        TrainingSet same = await BuildAsync(before, spine, views, earlier);
        using LakeSnapshot after = await lake.FillAsync(
        [
            Play("item", RandomHistory.Start.AddHours(1)) with
            {
                Type = "items",
                Entities = [new EntityKey("item", "i1")],
                Data = Encoding.UTF8.GetBytes("""{"genre":"other"}"""),
            },
        ]);
        TrainingSet changed = await BuildAsync(after, spine, views, earlier);
        TrainingSet scratch = await BuildAsync(after, spine, views, earlier: null);

        Assert.Equal(
            ["user_genre", "user_genres", "user_item", "user_other", "user_play"], same.Reused.Keys, StringComparer.Ordinal);
        Assert.Equal(["user_item", "user_play"], changed.Reused.Keys, StringComparer.Ordinal);
        Assert.Equal(scratch.Hash, changed.Hash);
        Assert.Contains("taste.compute", views.Single(static view => view.IsComputed).Definition.Keys, StringComparer.Ordinal);
    }

    [Fact]
    public void Definition_DiffersExactlyWhereTheVersionDoes()
    {
        AggregateSpec rate = TestSystem.Feature("f", "rate", "liked", TimeSpan.FromDays(7)) with { Prior = 0.2, Strength = 5 };
        FeatureViewSpec view = TestSystem.View("user", "play", rate);
        ConditionSpec condition = new() { Column = "seconds", Operator = ">=", Value = 3.0 };
        FeatureViewSpec[] variants =
        [
            view, view with { Owner = "somebody" }, view with { Entity = "item" }, view with { TimeToLive = TimeSpan.FromDays(3) },
            view with { TimeToLive = TimeSpan.FromHours(72) }, view with { Where = [condition] },
            view with { Where = [condition, condition] }, view with { Where = [condition with { Operator = ">" }] },
            view with { Where = [condition with { Value = 3.5 }] }, With(rate with { Window = null }),
            With(rate with { Window = TimeSpan.FromHours(168) }), With(rate with { Prior = 0.3 }), With(rate with { Strength = 6 }),
            With(rate with { K = 7 }), With(rate with { Name = "g" }), With(rate with { Per = "seconds", Operator = "ratio" }),
            With(rate with { Per = "rank", Operator = "ratio" }), With(rate with { Operator = "mean" }),
            With(rate with { Column = "seconds", Operator = "mean" }), With(rate, rate with { Name = "g" }),
            With(rate with { Name = "g" }, rate), With(rate with { By = "device", Values = ["tv"] }),
            With(rate with { By = "device", Values = ["pc"] }),
            With(rate with { Operator = "quantile", Column = "seconds" }),
            With(rate with { Operator = "quantile", Column = "seconds", Quantile = 0.5 }),
            With(rate with { Operator = "quantile", Column = "seconds", Quantile = 0.6 }),
            With(rate with { Operator = "decayed_count", Column = null, HalfLife = TimeSpan.FromHours(2) }),
            With(rate with { Operator = "decayed_count", Column = null, HalfLife = TimeSpan.FromHours(3) }),
            With(rate with { Operator = "last_k", Column = "item" }), With(rate with { Operator = "last_k", Column = "item", K = 3 }),
        ];
        (string Version, string Text)[] all = [.. variants.Select(static spec =>
        {
            FeatureView compiled = Compile(spec);
            return (compiled.Version, string.Join('\n', compiled.Definition));
        })];

        foreach ((string Version, string Text) one in all)
        {
            foreach ((string Version, string Text) other in all)
            {
                Assert.True(one.Version == other.Version == (one.Text == other.Text), $"{one.Text}\n\nand\n\n{other.Text}");
            }
        }

        FeatureViewSpec With(params AggregateSpec[] features) => view with { Aggregates = features };
    }

    private static FeatureView Compile(FeatureViewSpec spec) => FeatureView.CompileAll(TestSystem.Spec with
    {
        Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal) { ["v"] = spec },
    }).Single();

    private static Task<TrainingSet> BuildAsync(
        LakeSnapshot snapshot, Spine spine, IReadOnlyList<FeatureView> views, EarlierSets? earlier) =>
        TrainingSetBuilder.BuildAsync(snapshot, spine, FeatureSet.Create(views), End, progress: null, earlier);

    private static IReadOnlyList<FeatureView> Changed(string view)
    {
        Dictionary<string, FeatureViewSpec> features = new(TestSystem.Spec.Features, StringComparer.Ordinal);
        features[view] = features[view] with { TimeToLive = TimeSpan.FromHours(11) };
        return FeatureView.CompileAll(TestSystem.Spec with { Features = features });
    }

    private static IEnumerable<string> Names(IReadOnlyList<FeatureView> views) =>
        FeatureSet.Create(views).Views.Select(static view => view.Name).Order(StringComparer.Ordinal);

    private static EventRecord Play(string id, DateTimeOffset known) => new()
    {
        Id = id,
        Type = "play",
        Entities = [new EntityKey("user", "u1"), new EntityKey("item", "i1")],
        EventTime = known.AddMinutes(-1),
        KnownTime = known,
        Data = Encoding.UTF8.GetBytes("""{"seconds":7,"liked":true}"""),
    };

    private static Spine Rows(ref SeededRandom random, int count)
    {
        long[] times = new long[count];
        string[][] ids = [new string[count], new string[count]];
        for (int row = 0; row < count; row++)
        {
            ids[0][row] = $"u{random.NextInt(RandomHistory.Users + 1)}";
            ids[1][row] = $"i{random.NextInt(RandomHistory.Items + 1)}";
            times[row] = LakeTime.ToMicros(RandomHistory.Start.AddMinutes(10 * random.NextInt(25 * 24 * 6)));
        }

        return new Spine
        {
            Entities = ["user", "item"],
            Ids = ids,
            Times = times,
            Labels = [.. times.Select(static time => (float)(time / 600_000_000 % 2))],
        };
    }
}
