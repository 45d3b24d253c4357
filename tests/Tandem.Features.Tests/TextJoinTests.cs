using System.Globalization;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake;
using Tandem.Numerics;
using Tandem.Spec;

namespace Tandem.Features.Tests;

public sealed class TextJoinTests
{
    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public async Task BuildAsync_OfRandomRows_GivesWhatTheOnlineStoreGives(ulong seed)
    {
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        SeededRandom random = new(seed);
        List<EventRecord> log = RandomHistory.Events(ref random, 1500, isInKnownOrder: true);
        using LakeSnapshot snapshot = await lake.FillAsync(log);
        using FeatureStore store = new(
            TestSystem.Views, new FeatureStoreOptions { LookBack = TimeSpan.FromDays(60) });
        await foreach (JournalBatch batch in lake.Journal.ReadAsync(default, follow: false, default))
        {
            store.Apply(batch);
        }

        const int Rows = 120;
        string[] users = new string[Rows];
        string[] items = new string[Rows];
        long[] times = new long[Rows];
        for (int row = 0; row < Rows; row++)
        {
            users[row] = Id("u", random.NextInt(RandomHistory.Users + 1));
            items[row] = Id("i", random.NextInt(RandomHistory.Items + 1));
            times[row] = LakeTime.ToMicros(RandomHistory.Start.AddMinutes(random.NextInt(25 * 24 * 60)));
        }

        Spine spine = new() { Entities = ["user", "item"], Ids = [users, items], Times = times };
        (string View, string Feature)[] texts =
        [
            .. TestSystem.Views.SelectMany(static view => view.Features, static (view, feature) => (view, feature))
                .Where(static each => each.view.Entity is "user" or "item"
                    && each.feature.Kind is FeatureKind.Text or FeatureKind.Ids)
                .Select(static each => (each.view.Name, each.feature.Name)),
        ];
        IReadOnlyList<TextColumn> columns = await TextJoin.BuildAsync(
            snapshot, spine, TestSystem.Views, [.. texts.Select(static each => $"{each.View}:{each.Feature}")],
            RandomHistory.Start.AddDays(60));

        Assert.Contains(columns, static column => Enumerable.Range(0, Rows).Any(row => column.Count(row) > 1));
        for (int i = 0; i < texts.Length; i++)
        {
            (string view, string feature) = texts[i];
            bool isOfUser = TestSystem.Views.Single(each => each.Name == view).Entity == "user";
            for (int row = 0; row < Rows; row++)
            {
                string[] room = new string[store.MostIds(view, feature)];
                int count = store.ReadIds(
                    view, feature, isOfUser ? users[row] : items[row], LakeTime.FromMicros(times[row]), room);
                string[] joined = [.. Enumerable.Range(0, columns[i].Count(row)).Select(n => columns[i].Text(row, n))];
                Assert.True(
                    room.AsSpan(0, count).SequenceEqual(joined),
                    $"seed {seed}, {view}:{feature}, row {row}: {string.Join(',', room[..count])} {string.Join(',', joined)}");
            }
        }
    }

    [Fact]
    public async Task BuildAsync_BesideViewsOfPairsOnTheSameSource_ReadsTheTexts()
    {
        SystemSpec design = PairSystem.Design with
        {
            Features = new Dictionary<string, FeatureViewSpec>(PairSystem.Design.Features, StringComparer.Ordinal)
            {
                ["user_text"] = TestSystem.View("user", "play", TestSystem.Feature("device", "last", "device", null)),
            },
        };
        await using TestLake lake = await TestLake.OpenAsync(design);
        SeededRandom random = new(43);
        using LakeSnapshot snapshot = await lake.FillAsync(RandomHistory.Events(ref random, 500, isInKnownOrder: true));
        Spine spine = new() { Entities = ["user"], Ids = [["u1"]], Times = [LakeTime.ToMicros(RandomHistory.Start.AddDays(30))] };

        IReadOnlyList<TextColumn> columns = await TextJoin.BuildAsync(
            snapshot, spine, FeatureView.CompileAll(design), ["user_text:device", "user_genres:recent"], RandomHistory.Start.AddDays(60));

        Assert.Equal(1, columns[0].Count(0));
        Assert.NotEqual(0, columns[1].Count(0));
    }

    [Fact]
    public async Task BuildAsync_OfANumber_IsACodedFault()
    {
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        using LakeSnapshot snapshot = await lake.FillAsync([]);
        Spine spine = new() { Entities = ["user"], Ids = [["u1"]], Times = [0] };

        TandemException fault = await Assert.ThrowsAsync<TandemException>(() => TextJoin.BuildAsync(
            snapshot, spine, TestSystem.Views, ["user_play:plays"], RandomHistory.Start));

        Assert.Equal("FEA009", fault.Fault.Code);
    }

    private static string Id(string kind, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");
}
