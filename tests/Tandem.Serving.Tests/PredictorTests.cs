using Tandem.Faults;
using Tandem.Features;
using Tandem.Spec;
using Tandem.Testing;

namespace Tandem.Serving.Tests;

public sealed class PredictorTests
{
    private const int ItemCount = 50;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ItemCatalogue _catalogue = new(["category"]);
    private readonly UserActivity _activity;
    private readonly Predictor _predictor;

    public PredictorTests()
    {
        _activity = new UserActivity(_catalogue.Items, historyLength: 5);
        _predictor = Create([]);
        _predictor.Swap(Model("1"));
    }

    [Fact]
    public void Recommend_ForAKnownHistory_AnswersNearItemsWithoutTheSeenOnes()
    {
        Play("v10", Start);

        RecommendResponse response = _predictor.Recommend(new RecommendRequest { UserId = "ann", Count = 3 });

        Assert.Equal(["v9", "v11", "v8"], response.Items.Select(item => item.Id), StringComparer.Ordinal);
        Assert.Equal([1, 2, 3], response.Items.Select(item => item.Position));
        Assert.All(response.Items, item => Assert.Equal("like", item.Source));
        Assert.Equal("1", response.ModelVersion);
    }

    [Fact]
    public void Recommend_AfterAnotherAction_AnswersSomethingElse()
    {
        Play("v10", Start);
        RecommendResponse before = _predictor.Recommend(new RecommendRequest { UserId = "ann", Count = 3 });

        Play("v30", Start.AddSeconds(1));

        RecommendResponse after = _predictor.Recommend(new RecommendRequest { UserId = "ann", Count = 3 });
        Assert.NotEqual(before.Items.Select(item => item.Id), after.Items.Select(item => item.Id), StringComparer.Ordinal);
        Assert.Equal(["v29", "v31", "v28"], after.Items.Select(item => item.Id), StringComparer.Ordinal);
    }

    [Fact]
    public void Recommend_WithALateAction_OrdersTheHistoryByEventTime()
    {
        Play("v30", Start.AddHours(1));
        Play("v10", Start);

        RecommendResponse response = _predictor.Recommend(new RecommendRequest { UserId = "ann", Count = 1 });

        Assert.Equal("v29", response.Items[0].Id);
    }

    [Fact]
    public void Recommend_ForNobody_IsFilledByTheFallback()
    {
        RecommendResponse response = _predictor.Recommend(new RecommendRequest { Count = 4 });

        Assert.Equal(["v0", "v1", "v2", "v3"], response.Items.Select(item => item.Id), StringComparer.Ordinal);
        Assert.All(response.Items, item => Assert.Equal("fallback", item.Source));
    }

    [Fact]
    public void Recommend_ForAnAnonymousHistory_ScoresFromIt()
    {
        RecommendResponse response = _predictor.Recommend(
            new RecommendRequest { History = ["v20", "nobody-knows-this"], Count = 2 });

        Assert.Equal(["v19", "v21"], response.Items.Select(item => item.Id), StringComparer.Ordinal);
    }

    [Fact]
    public void Recommend_WithSeenItemsWelcome_ShowsThem()
    {
        Play("v10", Start);

        RecommendResponse response = _predictor.Recommend(
            new RecommendRequest { UserId = "ann", Count = 1, ExcludeSeen = false });

        Assert.Equal("v10", response.Items[0].Id);
    }

    [Fact]
    public void Recommend_WithAFilter_AnswersOnlyItemsThatPass()
    {
        _catalogue.Set("v5", "category", "music");
        _catalogue.Set("v40", "category", "music");
        _catalogue.Set("v6", "category", "news");

        RecommendResponse response = _predictor.Recommend(new RecommendRequest
        {
            Count = 10,
            Filters = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["category"] = ["music"] },
        });

        Assert.Equal(["v5", "v40"], response.Items.Select(item => item.Id), StringComparer.Ordinal);
    }

    [Fact]
    public void Recommend_WithAFilterOnNoColumn_IsRefusedWithTheColumns()
    {
        TandemException exception = Assert.Throws<TandemException>(() => _predictor.Recommend(new RecommendRequest
        {
            Filters = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["colour"] = ["red"] },
        }));

        Assert.Equal("SRV004", exception.Fault.Code);
        Assert.Contains("category", exception.Fault.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public void Recommend_WithABadCount_IsRefused(int count)
    {
        TandemException exception = Assert.Throws<TandemException>(
            () => _predictor.Recommend(new RecommendRequest { Count = count }));

        Assert.Equal("SRV003", exception.Fault.Code);
    }

    [Fact]
    public void Recommend_MoreThanThereAre_AnswersAllOnce()
    {
        Play("v10", Start);

        RecommendResponse response = _predictor.Recommend(new RecommendRequest { UserId = "ann", Count = 1000 });

        Assert.Equal(ItemCount - 1, response.Items.Select(item => item.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Recommend_WithARule_LimitsItemsOfOneValue()
    {
        for (int i = 0; i < ItemCount; i++)
        {
            _catalogue.Set($"v{i}", "category", i < 20 ? "music" : "news");
        }

        Predictor predictor = Create([new RuleSpec { Kind = "max_per", Column = "category", Limit = 2 }]);
        predictor.Swap(Model("1"));

        RecommendResponse response = predictor.Recommend(new RecommendRequest { History = ["v10"], Count = 4 });

        Assert.Equal(["v9", "v11", "v20", "v21"], response.Items.Select(item => item.Id), StringComparer.Ordinal);
    }

    [Fact]
    public void Recommend_Traced_NamesEveryStage()
    {
        RecommendResponse response = _predictor.Recommend(new RecommendRequest { Count = 2, Trace = true });

        Assert.Equal(
            ["identify", "score", "filter", "select", "rank", "rules", "fill", "explore"],
            response.Trace!.Select(stage => stage.Stage),
            StringComparer.Ordinal);
        Assert.Equal(2, response.Trace![^1].Candidates);
    }

    [Fact]
    public void Recommend_BeforeAnyModel_SaysWhatToRun()
    {
        TandemException exception = Assert.Throws<TandemException>(
            () => Create([]).Recommend(new RecommendRequest()));

        Assert.Equal("SRV001", exception.Fault.Code);
        Assert.Contains("tandem train", exception.Fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Swap_OfAModelThatScoresNaN_KeepsTheOneBefore()
    {
        ServedModel broken = Model("2") with { Scorer = new LikeScorer(ItemCount, bad: float.NaN) };

        TandemException exception = Assert.Throws<TandemException>(() => _predictor.Swap(broken));

        Assert.Equal("SRV006", exception.Fault.Code);
        Assert.Equal("1", _predictor.Recommend(new RecommendRequest()).ModelVersion);
    }

    [Fact]
    public async Task Swap_WhileRequestsRun_FailsNone()
    {
        const int RequestCount = 3000;
        int answered = 0;
        var asking = Task.Run(() =>
        {
            for (int i = 0; i < RequestCount; i++)
            {
                RecommendResponse response = _predictor.Recommend(new RecommendRequest { History = ["v3"], Count = 5 });
                Assert.Equal(5, response.Items.Count);
                Interlocked.Increment(ref answered);
            }
        });

        for (int version = 2; !asking.IsCompleted; version++)
        {
            _predictor.Swap(Model(version.ToString(System.Globalization.CultureInfo.InvariantCulture), (version % 40) + 10));
        }

        await asking;
        Assert.Equal(RequestCount, answered);
        Assert.Equal(0, _predictor.Meter.Errors);
    }

    [Fact]
    public void Similar_ToAnItem_AnswersItsNeighbours()
    {
        SimilarResponse response = _predictor.Similar("v7", 2);

        Assert.Equal(["v6", "v8"], response.Items.Select(item => item.Id), StringComparer.Ordinal);
    }

    [Fact]
    public void Similar_ToAnUnknownItem_IsNotFound()
    {
        TandemException exception = Assert.Throws<TandemException>(() => _predictor.Similar("v99", 2));

        Assert.Equal("SRV002", exception.Fault.Code);
        Assert.Equal(FaultKind.NotFound, exception.Fault.Kind);
    }

    [Fact]
    public void Recommend_InSteadyState_AllocatesItsAnswerAndLittleElse()
    {
        Play("v10", Start);
        RecommendRequest request = new() { UserId = "ann", Count = 10 };
        for (int i = 0; i < 200; i++)
        {
            _predictor.Recommend(request);
        }

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                _predictor.Recommend(request);
            }
        });

        // Ten items of 48 bytes, their array, the response, a 32-character id, and small enumerators; nothing that grows
        // with the catalogue or the history.
        Assert.InRange(allocated / 100, 0, 1500);
    }

    private void Play(string item, DateTimeOffset time) =>
        _activity.Add("ann", item, time, time, isPositive: true, $"{item} {time.UtcTicks}");

    [Fact]
    public void Recommend_WithExploration_DrawsEvenlyAndSaysHowLikelyThatWas()
    {
        Predictor predictor = Create([], exploration: 0.3);
        predictor.Swap(Model("1"));
        Play("v10", Start);
        int[] drawn = new int[ItemCount];
        const int Requests = 4000;
        int explored = 0;
        int firstOfModel = 0;
        int secondOfModel = 0;
        Predictor certain = Create([]);
        certain.Swap(Model("1"));
        string[] plain =
        [
            .. certain.Recommend(new RecommendRequest { UserId = "ann", Count = 5 }).Items.Select(item => item.Id),
        ];

        for (int i = 0; i < Requests; i++)
        {
            RecommendResponse response = predictor.Recommend(new RecommendRequest { UserId = "ann", Count = 5 });
            Assert.Equal(5, response.Items.Select(item => item.Id).Distinct(StringComparer.Ordinal).Count());
            foreach (RecommendedItem item in response.Items)
            {
                Assert.NotEqual("v10", item.Id, StringComparer.Ordinal);
                if (item.Source == "exploration")
                {
                    explored++;
                    drawn[int.Parse(item.Id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)]++;
                    Assert.Equal(0.3f / 49, Assert.NotNull(item.Propensity), 1e-6f);
                }
                else
                {
                    Assert.Equal(item.Position == 5 ? 0.7f : 0.35f, Assert.NotNull(item.Propensity), 1e-6f);
                    firstOfModel += item.Position == 1 && item.Id == plain[0] ? 1 : 0;
                    secondOfModel += item.Position == 2 && item.Id == plain[0] ? 1 : 0;
                    Assert.False(item.Position > 2 && item.Id == plain[0]);
                }
            }
        }

        // Binomial(20000, 0.3) has a deviation of 65; items outside the model's five are drawn evenly, about 136 times each.
        Assert.InRange(explored, 6000 - 330, 6000 + 330);
        Assert.Equal(0, drawn[10]);

        // The model's first keeps its place in 0.35 of the requests and changes with its neighbour in as many: Binomial(4000,
        // 0.35) has a deviation of 30.
        Assert.InRange(firstOfModel, 1400 - 150, 1400 + 150);
        Assert.InRange(secondOfModel, 1400 - 150, 1400 + 150);
        Assert.All(Enumerable.Range(20, 30), item => Assert.InRange(drawn[item], 70, 210));
    }

    private Predictor Create(IReadOnlyList<RuleSpec> rules, double exploration = 0) => new(
        new ServingOptions { HistoryLength = 5, Exploration = exploration }, rules, _catalogue, _activity, TimeProvider.System);

    private static ServedModel Model(string version, int itemCount = ItemCount)
    {
        EntityIndex items = new();
        for (int i = 0; i < itemCount; i++)
        {
            items.FindOrAdd($"v{i}");
        }

        return new ServedModel
        {
            Version = version,
            Scorer = new LikeScorer(itemCount),
            Fallback = new LikeScorer(itemCount, "popular"),
            Items = items,
            Users = new EntityIndex(),
            AsOf = Start,
        };
    }
}
