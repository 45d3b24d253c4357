using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Learning;
using Tandem.Spec;
using Tandem.Testing;

namespace Tandem.Serving.Tests;

/// <summary>Candidates ordered by features: v5 was played most, and the model scores by plays.</summary>
public sealed class RankStageTests : IDisposable
{
    private const int ItemCount = 50;
    private readonly ItemCatalogue _catalogue = new([]);
    private readonly UserActivity _activity;
    private readonly PlayedItems _played = new();

    public RankStageTests()
    {
        _activity = new UserActivity(_catalogue.Items, historyLength: 5);
        _activity.Add("ann", "v10", PlayedItems.Start, PlayedItems.Start, isPositive: true, "a");
    }

    public void Dispose() => _played.Dispose();

    [Fact]
    public void Recommend_WithARanker_OrdersByFeaturesAndBreaksTiesByNumber()
    {
        Predictor predictor = Create(_played.Model());

        RecommendResponse response = predictor.Recommend(
            new RecommendRequest { UserId = "ann", Count = 4, Trace = true });

        Assert.Equal(["v5", "v12", "v0", "v1"], response.Items.Select(static item => item.Id), StringComparer.Ordinal);
        Assert.All(response.Items, static item => Assert.InRange(item.Score, 0, 1));
        StageTrace stage = response.Trace!.Single(static each => each.Stage == "rank");
        Assert.Equal("by features", stage.Note);
        Assert.Equal(49, stage.Candidates);
    }

    [Fact]
    public void Recommend_WithoutARanker_KeepsTheOrderOfRetrieval_AndSaysWhy()
    {
        Fault fault = ServedRowModel.NotComputed("1", ["item_play"]);
        Predictor predictor = Create(null, fault);

        RecommendResponse response = predictor.Recommend(
            new RecommendRequest { UserId = "ann", Count = 2, Trace = true });

        Assert.Equal(["v9", "v11"], response.Items.Select(static item => item.Id), StringComparer.Ordinal);
        Assert.Null(response.Values);
        Assert.Contains(
            "SRV008", response.Trace!.Single(static each => each.Stage == "rank").Note, StringComparison.Ordinal);
        Assert.Contains("item_play", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recommend_Ranked_LogsTheVeryValuesThatItWasOrderedBy()
    {
        Predictor predictor = Create(_played.Model());
        ImpressionWriter writer = new(_played.Store, FeatureSet.Create(PlayedItems.Views), "user", "item", TimeProvider.System);
        RecommendRequest request = new() { UserId = "ann", Count = 2 };
        RecommendResponse response = predictor.Recommend(request);
        long seen = _played.Store.AppliedUntil.Offset;

        // What happens between the answer and its impressions is not in them.
        _played.Play("bob", "v5");
        EventRecord[] events = await writer.WriteAsync("impression", request, response, CancellationToken.None);

        Assert.Equal(response.Values!.Moment, events[0].EventTime);
        using var json = JsonDocument.Parse(events[0].Features);
        Assert.Equal(5, json.RootElement.GetProperty("item_play:plays").GetDouble());
        Assert.Equal(1, json.RootElement.GetProperty("user_play:plays").GetDouble());
        Assert.Equal(seen, json.RootElement.GetProperty("@seen").GetInt64());
        Assert.Equal(FeatureSet.Create(PlayedItems.Views).Definitions, json.RootElement.GetProperty("@set").GetString());
    }

    [Fact]
    public async Task Recommend_WithChanceAmongTheRanked_ReadsWhatChanceShowed_AsOfTheSameMoment()
    {
        Predictor predictor = Create(_played.Model(), exploration: 0.9);
        ImpressionWriter writer = new(_played.Store, FeatureSet.Create(PlayedItems.Views), "user", "item", TimeProvider.System);
        RecommendRequest request = new() { UserId = "ann", Count = 10 };
        RecommendResponse response = predictor.Recommend(request);
        while (response.Values is null || !response.Values.IsRead.Contains(false))
        {
            response = predictor.Recommend(request);
        }

        EventRecord[] events = await writer.WriteAsync("impression", request, response, CancellationToken.None);

        for (int i = 0; i < events.Length; i++)
        {
            using var json = JsonDocument.Parse(events[i].Features);
            double? expected = response.Items[i].Id switch
            {
                "v5" => 5,
                "v12" => 2,
                "v10" => 1,
                _ => null,
            };
            JsonElement plays = json.RootElement.GetProperty("item_play:plays");
            Assert.Equal(expected, plays.ValueKind == JsonValueKind.Null ? null : plays.GetDouble());
            Assert.Equal(response.Values.Moment, events[i].EventTime);
        }
    }

    [Fact]
    public void Recommend_WithTexts_ReadsThoseOfUserAndItems_AndAllocatesLittle()
    {
        // v5 was played by bob, v10 by ann: the encoder's first column is bob's, the most frequent.
        var set = FeatureSet.Create(PlayedItems.Views);
        FeatureEncoders encoders = FeatureEncoders.Fit(
            new EncoderRows
            {
                Numbers = [.. set.Names, "@retrieval"],
                Values = new float[3 * (set.Count + 1)],
                Texts =
                [
                    TextColumn.OfLists("item_play:players", [["bob"], ["bob"], ["ann"]]),
                    TextColumn.OfLists("user_play:items", [["v10"], ["v5", "v12"], []]),
                ],
                Labels = [0, 1, 0],
                Times = [0, 0, 0],
                IsTraining = [true, true, true],
            },
            new Dictionary<string, EncoderSpec>(StringComparer.Ordinal)
            {
                ["item_play:players"] = new EncoderSpec { Kind = "vocabulary", MinimumCount = 1 },
                ["user_play:items"] = new EncoderSpec { Kind = "vocabulary", MinimumCount = 1 },
            }).Encoders;
        Predictor predictor = Create(new ServedRowModel(
            _played.Store, set, encoders, new FirstColumns(encoders, bob: 2, ann: 1, v10: 4), "user", "item"));
        RecommendRequest request = new() { UserId = "ann", Count = 4, ExcludeSeen = false };

        RecommendResponse response = predictor.Recommend(request);

        // bob's items are 2 above others, ann's 1; ann's own v10 adds 4 to every item.
        Assert.Equal(["v5", "v12", "v10", "v0"], response.Items.Select(static item => item.Id), StringComparer.Ordinal);
        Assert.Equal(1 / (1 + Math.Exp(-6)), response.Items[0].Score, 1e-6);
        Assert.Equal(1 / (1 + Math.Exp(-5)), response.Items[2].Score, 1e-6);
        Assert.Equal(1 / (1 + Math.Exp(-4)), response.Items[3].Score, 1e-6);
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

        Assert.InRange(allocated / 100, 0, 1800);
    }

    [Fact]
    public void Recommend_ForNobody_RanksByItemsAlone()
    {
        RecommendResponse response = Create(_played.Model()).Recommend(
            new RecommendRequest { History = ["v20"], Count = 2 });

        Assert.Equal(["v5", "v12"], response.Items.Select(static item => item.Id), StringComparer.Ordinal);
    }

    [Fact]
    public void Create_OfPartsThatDoNotFit_IsACodedFault()
    {
        FeatureEncoders encoders = PlayedItems.Encoders(["item_play:plays", "@retrieval"]);

        TandemException fault = Assert.Throws<TandemException>(() => new ServedRowModel(
            _played.Store, FeatureSet.Create(PlayedItems.Views), encoders, new FirstNumber(encoders.DenseCount), "user", "item"));
        TandemException notANumber = Assert.Throws<TandemException>(() => _played.Model(factor: float.NaN));

        Assert.Equal("SRV007", fault.Fault.Code);
        Assert.Equal("SRV007", notANumber.Fault.Code);
    }

    [Fact]
    public void Recommend_RankedInSteadyState_AllocatesItsAnswerAndLittleElse()
    {
        Predictor predictor = Create(_played.Model());
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

        // As without a ranker, and the answer's vectors: ten of two floats, ten flags, and the record that holds them.
        Assert.InRange(allocated / 100, 0, 1800);
    }

    private Predictor Create(ServedRowModel? ranker, Fault? fault = null, double exploration = 0)
    {
        EntityIndex items = new();
        for (int i = 0; i < ItemCount; i++)
        {
            items.FindOrAdd($"v{i}");
        }

        Predictor predictor = new(
            new ServingOptions { HistoryLength = 5, Exploration = exploration }, [], _catalogue, _activity,
            TimeProvider.System);
        predictor.Swap(new ServedModel
        {
            Version = "1",
            Scorer = new LikeScorer(ItemCount),
            Fallback = new LikeScorer(ItemCount, "popular"),
            Items = items,
            Users = new EntityIndex(),
            AsOf = PlayedItems.Start,
            Ranker = ranker,
            RankFault = fault,
        });
        return predictor;
    }

    /// <summary>Scores a row by the columns of three texts.</summary>
    private sealed class FirstColumns : IRowScorer
    {
        private readonly float[] _weights;

        public FirstColumns(FeatureEncoders encoders, float bob, float ann, float v10)
        {
            DenseCount = encoders.DenseCount;
            _weights = new float[encoders.SparseCount];
            int items = encoders.FeatureOfSparse.ToList().IndexOf(encoders.Features.ToList().IndexOf("user_play:items"));

            // By falling count, then by text: bob, ann; v10, v12, v5.
            (_weights[0], _weights[1], _weights[items]) = (bob, ann, v10);
        }

        public string Kind => "columns";

        public int DenseCount { get; }

        public int SparseCount => _weights.Length;

        public void ScoreRows(in FeatureRows rows, Span<float> scores)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                scores[row] = 0;
                for (int i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
                {
                    scores[row] += _weights[rows.Columns[i]] * rows.Values[i];
                }
            }
        }

        public void Save(Stream target) => throw new NotSupportedException();
    }
}
