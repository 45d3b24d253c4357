using System.Text;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Features.Tests;

public sealed class PairTests
{
    private const int EventCount = 10_000;

    private readonly ITestOutputHelper _output;

    public PairTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(1, true, long.MaxValue)]
    [InlineData(2, false, long.MaxValue)]
    [InlineData(3, true, 60_000)]
    public async Task Values_OverARandomHistory_AreThoseOfPlainLoopsOnlineAndOffline(
        ulong seed, bool isInKnownOrder, long memory)
    {
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(PairSystem.Design);
        var set = FeatureSet.Create(views);
        await using TestLake lake = await TestLake.OpenAsync(PairSystem.Design);
        List<EventRecord> all = RandomHistory.Events(ref random, EventCount, isInKnownOrder);
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["cold"]);
        FeatureStoreOptions options = memory == long.MaxValue
            ? new FeatureStoreOptions { LookBack = TimeSpan.FromHours(3) }
            : new() { LookBack = TimeSpan.FromHours(3), MemoryBytes = memory, ColdFolder = folder["cold"] };
        var store = new FeatureStore(views, options);
        List<PairQuestion> questions = [];
        List<float> online = [];
        DateTimeOffset newest = DateTimeOffset.MinValue;
        int compacted = 0;
        int lastRow = -1;
        for (int n = 0; n < all.Count; n++)
        {
            lastRow = all[n].Type == "items" ? n : lastRow;
            store.Apply(all[n], store.AppliedUntil);
            if (isInKnownOrder && lastRow < n && random.NextInt(3) == 0)
            {
                // The same event again, as a journal without memory would have it: under the row that its item had.
                EventRecord again = all[Math.Max(Math.Max(compacted, lastRow + 1), n - random.NextInt(5))];
                store.Apply(again, store.AppliedUntil);
            }

            newest = newest > all[n].KnownTime ? newest : all[n].KnownTime;
            if (random.NextInt(all.Count / 50) == 0)
            {
                PairQuestion question = new(
                    newest.AddMilliseconds(1), n + 1, $"u{random.NextInt(7)}", $"i{random.NextInt(6)}",
                    random.NextInt(3) == 0 ? null : random.NextInt(2) == 0 ? "tv" : "ph\u00f6ne");
                float[] row = new float[set.Count];
                store.Reader(set).ReadRows(question.Request, "item", [question.Item], row);
                online.AddRange(row);
                questions.Add(question);
                PairSystem.AssertLikeTheOracle(all[..(n + 1)], store, question);
            }

            if (n % (all.Count / 4) == all.Count / 5)
            {
                using LakeSnapshot snapshot = await lake.FillAsync(all[compacted..(n + 1)]);
                compacted = n + 1;
                store = new FeatureStore(views, options);
                await store.RestoreAsync(snapshot);
            }
        }

        using LakeSnapshot whole = await lake.FillAsync(all[compacted..]);
        Spine spine = SpineOf(questions, PlacesIn(whole), all);
        TrainingSet training = await TrainingSetBuilder.BuildAsync(
            whole, spine, set, RandomHistory.Start.AddDays(60));

        Assert.Equal(online.Select(BitConverter.SingleToInt32Bits), training.Values.Select(BitConverter.SingleToInt32Bits));
        Assert.InRange(online.Average(static value => float.IsNaN(value) ? 0 : 1), 0.3, 0.95);
        if (isInKnownOrder)
        {
            TrainingSet byKnown = await TrainingSetBuilder.BuildAsync(
                whole, spine with { SeenUntil = [] }, set, RandomHistory.Start.AddDays(60));
            int[] clear = [.. Enumerable.Range(0, questions.Count).Where(q => questions[q].Place == all.Count
                || all[questions[q].Place].KnownTime > questions[q].AsOf)];
            Assert.True(clear.Length > questions.Count / 3);
            Assert.All(clear, q => Assert.Equal(training.Row(q).ToArray(), byKnown.Row(q).ToArray()));
        }
    }

    [Fact]
    public void PairOf_EscapesParts_AndLooksTheColumnUp()
    {
        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(PairSystem.Design);
        var store = new FeatureStore(views);
        store.Apply(Event("1", "items", """{"genre":"a|b"}""", ("item", "i\\1")), new JournalPosition(0));
        store.Apply(Event("2", "play", """{"seconds":3}""", ("user", "u|1"), ("item", "i\\1")), new JournalPosition(1));
        store.Apply(Event("3", "items", """{"genre":"other"}""", ("item", "i\\1")), new JournalPosition(2));
        FeatureView genre = views.Single(view => view.Name == "user_genre");
        FeatureView item = views.Single(view => view.Name == "user_item");
        Dictionary<string, string> parts = new(StringComparer.Ordinal) { ["user"] = "u|1", ["item"] = "i\\1" };
        DateTimeOffset now = RandomHistory.Start.AddHours(1);

        Assert.Equal("""u\|1|i\\1""", store.PairOf(item, parts.GetValueOrDefault));
        Assert.Equal("""u\|1|other""", store.PairOf(genre, parts.GetValueOrDefault));
        Assert.Equal(1, store.Read("user_genre", "plays", """u\|1|a\|b""", now).Number);
        Assert.True(store.Read("user_genre", "plays", """u\|1|other""", now).IsNull);
        parts["item.genre"] = "a|b";
        Assert.Equal("""u\|1|a\|b""", store.PairOf(genre, parts.GetValueOrDefault));
        Assert.Null(store.PairOf(views.Single(view => view.Name == "user_device"), parts.GetValueOrDefault));
    }

    [Fact]
    public void Definition_ThatReadsATable_NamesItAndHasAVersionOfItsOwn()
    {
        FeatureViewSpec genre = TestSystem.View("user", "play", TestSystem.Feature("x", "last_k", "item.genre", null));
        FeatureViewSpec item = TestSystem.View("user", "play", TestSystem.Feature("x", "last_k", "item", null));
        FeatureView[] views =
        [
            .. FeatureView.CompileAll(PairSystem.Design with
            {
                Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal) { ["a"] = genre, ["b"] = item },
            }),
        ];

        Assert.NotEqual(views[0].Version, views[1].Version, StringComparer.Ordinal);
        Assert.Equal(["play", "items"], views[0].Sources, StringComparer.Ordinal);
        Assert.Equal("item.genre (text)", views[0].Definition["x.column"]);
    }

    [Theory]
    [InlineData("item.price")]
    [InlineData("item.nothing")]
    [InlineData("user.genre")]
    public void CompileAll_OfAColumnThatNoTableHas_IsRefused(string column)
    {
        TandemException refused = Assert.Throws<TandemException>(() => FeatureView.CompileAll(PairSystem.Design with
        {
            Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
            {
                ["view"] = TestSystem.View("user", "play", TestSystem.Feature("x", "last_k", column, null)),
            },
        }));

        Assert.Equal("FEA003", refused.Fault.Code);
    }

    [Theory]
    [InlineData("user", "user")]
    [InlineData("user", "seconds")]
    [InlineData("user", "nothing")]
    [InlineData("user", "item.price")]
    [InlineData("user", "item.nothing")]
    [InlineData("item", "user.genre")]
    [InlineData("global", "item")]
    public void CompileAll_OfAWrongPair_IsRefused(string entity, string with)
    {
        TandemException refused = Assert.Throws<TandemException>(() => FeatureView.CompileAll(PairSystem.Design with
        {
            Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
            {
                ["view"] = TestSystem.View(entity, "play", TestSystem.Feature("x", "count", null, null)) with { With = with },
            },
        }));

        Assert.Equal(("FEA019", "features.view.entity"), (refused.Fault.Code, refused.Fault.Place));
    }

    [Fact]
    public void ReadRows_ForManyCandidates_AllocatesNothing()
    {
        var random = new SeededRandom(3);
        var store = new FeatureStore(FeatureView.CompileAll(PairSystem.Design));
        foreach (EventRecord record in RandomHistory.Events(ref random, 2000, isInKnownOrder: true))
        {
            store.Apply(record, store.AppliedUntil);
        }

        var set = FeatureSet.Create(store.Views);
        FeatureReader reader = store.Reader(set);
        FeatureRequest request = new PairQuestion(RandomHistory.Start.AddDays(22), 0, "u1", "", "tv").Request;
        string[] items = [.. Enumerable.Range(0, 100).Select(i => $"i{i % 7}")];
        float[] values = new float[items.Length * set.Count];
        for (int i = 0; i < 3; i++)
        {
            // What a series keeps between reads is made at the second.
            reader.ReadRows(request, "item", items, values);
        }

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                reader.ReadRows(request, "item", items, values);
            }
        });

        Assert.Equal(0, allocated);
    }

    /// <summary>Where each event lies in the log.</summary>
    private static Dictionary<string, long> PlacesIn(LakeSnapshot lake)
    {
        Dictionary<string, long> places = new(StringComparer.Ordinal);
        foreach (string table in new[] { "play", "items", "check_in" })
        {
            using LakeReader reader = lake.Scan(
                new LakeQuery { Table = table, Columns = [LakeEnvelope.EventId, LakeEnvelope.LogPosition] }, default);
            while (reader.Read())
            {
                for (int row = 0; row < reader.RowCount; row++)
                {
                    places[Encoding.UTF8.GetString(reader.Utf8(0, row))] = reader.Wholes(1)[row];
                }
            }
        }

        return places;
    }

    private static Spine SpineOf(List<PairQuestion> questions, Dictionary<string, long> places, List<EventRecord> log) => new()
    {
        Entities = ["user", "item"],
        Ids = [[.. questions.Select(q => q.User)], [.. questions.Select(q => q.Item)]],
        Times = [.. questions.Select(q => LakeTime.ToMicros(q.AsOf))],
        SeenUntil = [.. questions.Select(q => places[log[q.Place - 1].Id] + 1)],
        Request = new Dictionary<string, RequestColumn>(StringComparer.Ordinal)
        {
            ["device"] = new() { Texts = [.. questions.Select(q => q.Device)] },
        },
    };

    private static EventRecord Event(string id, string type, string data, params (string Entity, string Id)[] entities) => new()
    {
        Id = id,
        Type = type,
        Entities = [.. entities.Select(each => new EntityKey(each.Entity, each.Id))],
        EventTime = RandomHistory.Start,
        KnownTime = RandomHistory.Start,
        Data = Encoding.UTF8.GetBytes(data),
    };
}
