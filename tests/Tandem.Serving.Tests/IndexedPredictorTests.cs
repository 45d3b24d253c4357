using Tandem.Features;
using Tandem.Learning.Nearest;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Testing;

namespace Tandem.Serving.Tests;

public sealed class IndexedPredictorTests
{
    private const int ItemCount = 3000;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ItemCatalogue _catalogue = new(["category"]);
    private readonly UserActivity _activity;
    private readonly VectorScorer _scorer = new(Draw());

    public IndexedPredictorTests()
    {
        _activity = new UserActivity(_catalogue.Items, historyLength: 5);
    }

    [Theory]
    [InlineData("int8")]
    [InlineData("ivf")]
    [InlineData("hnsw")]
    public void Recommend_ByAnIndexOfAllEffort_AnswersWhatScoringAllItemsAnswers(string kind)
    {
        Predictor scanning = Create(index: null);
        Predictor searching = Create(Build(kind)!.WithEffort(int.MaxValue));
        for (int i = 0; i < ItemCount; i++)
        {
            _catalogue.Set($"v{i}", "category", i % 30 == 0 ? "rare" : i % 2 == 0 ? "even" : "odd");
        }

        foreach (RecommendRequest request in Requests())
        {
            Check(scanning.Recommend(request), searching.Recommend(request));
        }

        _catalogue.Put("v17", ["category"], ["odd"], isDeleted: true);
        _catalogue.Put("v18", ["category"], ["even"], isDeleted: true);
        foreach (RecommendRequest request in Requests())
        {
            RecommendResponse answer = searching.Recommend(request);
            Check(scanning.Recommend(request), answer);
            Assert.DoesNotContain(answer.Items, item => item.Id is "v17" or "v18");
        }

        _catalogue.Put("v18", ["category"], ["even"], isDeleted: false);
        Check(scanning.Recommend(new RecommendRequest { History = ["v18"], ExcludeSeen = false }),
            searching.Recommend(new RecommendRequest { History = ["v18"], ExcludeSeen = false }));
    }

    [Fact]
    public void Recommend_ByAnIndex_ScoresNotAllItems_AndSaysSo()
    {
        Predictor predictor = Create(Build("ivf"));
        int before = _scorer.Scans;

        RecommendResponse response = predictor.Recommend(
            new RecommendRequest { History = ["v5"], Count = 10, Trace = true });

        Assert.Equal(before, _scorer.Scans);
        Assert.Equal("by index: ivf", response.Trace!.Single(stage => stage.Stage == "select").Note);
        Assert.Equal(10, response.Items.Count);
        Assert.All(response.Items, item => Assert.Equal("vectors", item.Source));
    }

    [Fact]
    public void Recommend_WithoutHistory_IsStillFilledByTheFallback()
    {
        RecommendResponse response = Create(Build("int8")).Recommend(new RecommendRequest { Count = 4 });

        Assert.All(response.Items, item => Assert.Equal("fallback", item.Source));
    }

    [Fact]
    public async Task Audit_MeasuresTheRecallOfASample()
    {
        NearestIndex poor = Build("ivf")!.WithEffort(1);
        Predictor predictor = Create(poor);
        for (int i = 0; i < 40 * RecallAudit.Every; i++)
        {
            predictor.Recommend(new RecommendRequest { History = [$"v{i % ItemCount}"], ExcludeSeen = false, Count = 20 });
            if (i % RecallAudit.Every == 0)
            {
                await UntilAsync(() => predictor.Audit.Questions == 1 + (i / RecallAudit.Every));
            }
        }

        double measured = Assert.NotNull(predictor.Audit.Recall);

        // The same questions in a row; the sample is each 64th.
        Matrix asked = new(40, 16);
        for (int i = 0; i < 40; i++)
        {
            _scorer.ItemVectors.Row(i * RecallAudit.Every % ItemCount).CopyTo(asked.Row(i));
        }

        Assert.Equal(poor.RecallOf(asked, 200), measured, 1e-3);
        predictor.Swap(Model(poor));
        Assert.Null(predictor.Audit.Recall);
    }

    [Fact]
    public void Recommend_ByAnIndex_InSteadyState_AllocatesItsAnswerAndLittleElse()
    {
        Predictor predictor = Create(Build("int8"));
        _activity.Add("ann", "v10", Start, Start, isPositive: true, "1");
        RecommendRequest request = new() { UserId = "ann", Count = 10 };
        for (int i = 0; i < 200; i++)
        {
            predictor.Recommend(request);
        }

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                predictor.Recommend(request);
            }
        });

        Assert.InRange(allocated / 100, 0, 1600);
    }

    [Fact]
    public void OptionsFor_SmallCatalogues_OtherModels_AndExact_HaveNoIndex()
    {
        Assert.Null(ServedIndex.OptionsFor(_scorer, new ServingSpec()));
        Assert.Null(ServedIndex.OptionsFor(new LikeScorer(1_000_000), new ServingSpec()));
        Assert.Null(ServedIndex.OptionsFor(new VectorScorer(new Matrix(60_000, 1)), Spec("exact")));
        Assert.Equal(
            NearestKind.Bytes,
            ServedIndex.OptionsFor(new VectorScorer(new Matrix(60_000, 1)), new ServingSpec())!.Kind);
        NearestOptions options = ServedIndex.OptionsFor(_scorer, Spec("ivf") with { CandidateCount = 77 })!;
        Assert.Equal((NearestKind.Ivf, 77, 0.9), (options.Kind, options.Top, options.Recall));
    }

    private static ServingSpec Spec(string kind) => new() { Index = new IndexSpec { Kind = kind, Recall = 0.9 } };

    private static RecommendRequest[] Requests() =>
    [
        new RecommendRequest { History = ["v7"], Count = 20 },
        new RecommendRequest { History = ["v8", "v9"], Count = 20, ExcludeSeen = false },
        Filtered("odd"), Filtered("rare"), Filtered("odd", "rare"), Filtered("nothing"),
    ];

    private static RecommendRequest Filtered(params IReadOnlyList<string> values) => new()
    {
        History = ["v11"],
        Count = 50,
        Filters = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["category"] = values },
    };

    private static void Check(RecommendResponse expected, RecommendResponse found)
    {
        Assert.Equal(expected.Items.Select(item => item.Id), found.Items.Select(item => item.Id), StringComparer.Ordinal);
        Assert.Equal(expected.Items.Select(item => item.Score), found.Items.Select(item => item.Score));
    }

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(120));
        while (!isTrue())
        {
            await Task.Delay(1, limit.Token);
        }
    }

    private static Matrix Draw()
    {
        Matrix drawn = new(ItemCount, 16);
        SeededRandom random = new(3);
        foreach (ref float x in drawn.Values.AsSpan())
        {
            x = (float)random.NextGaussian();
        }

        return drawn;
    }

    private NearestIndex? Build(string kind) => ServedIndex.Build(_scorer, Spec(kind), 2, CancellationToken.None);

    private Predictor Create(NearestIndex? index)
    {
        Predictor predictor = new(
            new ServingOptions { HistoryLength = 5 }, [], _catalogue, _activity, TimeProvider.System);
        predictor.Swap(Model(index));
        return predictor;
    }

    private ServedModel Model(NearestIndex? index)
    {
        EntityIndex items = new();
        for (int i = 0; i < ItemCount; i++)
        {
            items.FindOrAdd($"v{i}");
        }

        return new ServedModel
        {
            Version = "1",
            Scorer = _scorer,
            Fallback = new LikeScorer(ItemCount, "popular"),
            Items = items,
            Users = new EntityIndex(),
            AsOf = Start,
            Index = index,
        };
    }
}
