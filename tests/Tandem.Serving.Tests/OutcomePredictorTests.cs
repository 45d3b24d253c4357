using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Learning;
using Tandem.Testing;

namespace Tandem.Serving.Tests;

/// <summary>Probabilities by features: the log-odds are an item's plays.</summary>
public sealed class OutcomePredictorTests : IDisposable
{
    private readonly PlayedItems _played = new();
    private readonly ServingMeter _meter = new();

    public void Dispose() => _played.Dispose();

    [Fact]
    public void Predict_GivesAProbabilityForEachItem_InTheOrderOfTheQuestion()
    {
        OutcomePredictor predictor = Create();

        PredictResponse response = predictor.Predict(
            new PredictRequest { UserId = "ann", Items = ["v12", "v5", "nobody knows it", "v5"] });

        float[] given = [.. response.Predictions.Select(static each => each.Probability)];
        Assert.Equal(
            ["v12", "v5", "nobody knows it", "v5"], response.Predictions.Select(static each => each.Id), StringComparer.Ordinal);
        Assert.Equal("3", response.ModelVersion);
        Assert.All(given, static each => Assert.InRange(each, 0, 1));
        Assert.True(given[1] > given[0] && given[0] > given[2]);
        Assert.Equal(given[1], given[3]);
        Assert.Equal(1, _meter.Requests);
    }

    [Fact]
    public async Task Predict_KeepsTheVeryValues_ForItsImpressions()
    {
        OutcomePredictor predictor = Create();
        ImpressionWriter writer = new(
            _played.Store, FeatureSet.Create(PlayedItems.Views), "user", "item", TimeProvider.System);
        PredictResponse response = predictor.Predict(new PredictRequest { UserId = "ann", Items = ["v5"] });

        // What happens between the answer and its impressions is not in them.
        _played.Play("bob", "v5");
        EventRecord[] events = await writer.WriteAsync(
            "impression", new RecommendRequest { UserId = "ann" },
            new RecommendResponse(response.RequestId, "3", [new RecommendedItem("v5", 1, 0.9f, "model")], null)
            {
                Values = response.Values,
            },
            CancellationToken.None);

        using var json = JsonDocument.Parse(events[0].Features);
        Assert.Equal(5, json.RootElement.GetProperty("item_play:plays").GetDouble());
        Assert.Equal(1, json.RootElement.GetProperty("user_play:plays").GetDouble());
    }

    [Fact]
    public void Predict_WithARule_SaysWhatItDoes()
    {
        OutcomePredictor predictor = new(_meter, TimeProvider.System);
        PredictRequest request = new() { Items = ["v5", "v12", "v10"] };
        predictor.Swap("3", _played.Model(readsRetrieval: false), null);
        float[] known = [.. predictor.Predict(request).Predictions.Select(static each => each.Probability)];
        DecisionRule rule = new("threshold", known[0]) { AbstainFrom = known[1], AbstainTo = known[0] };

        predictor.Swap("3", _played.Model(readsRetrieval: false), null, rule);

        Assert.Equal(
            ["act", "abstain", "pass"], predictor.Predict(request).Predictions.Select(static each => each.Decision),
            StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Predict_OfTooFewOrTooManyItems_IsACodedFault(int count)
    {
        PredictRequest request = new() { Items = [.. Enumerable.Repeat("v5", count)] };

        Assert.Equal("SRV003", Assert.Throws<TandemException>(() => Create().Predict(request)).Fault.Code);
    }

    [Theory]
    [InlineData(100, "LRN073")]
    [InlineData(101, "SRV013")]
    public void Predict_ThatCannotBeExplained_IsACodedFault_AndTheNextIsAnswered(int count, string code)
    {
        OutcomePredictor predictor = Create();
        PredictRequest request = new() { Items = [.. Enumerable.Repeat("v5", count)] };

        TandemException wrong = Assert.Throws<TandemException>(
            () => predictor.Predict(request with { IsExplained = true }));

        Assert.Equal(code, wrong.Fault.Code);
        Assert.Equal(count, predictor.Predict(request).Predictions.Count);
    }

    [Fact]
    public void Predict_WithoutAModel_SaysWhy()
    {
        OutcomePredictor predictor = new(_meter, TimeProvider.System);
        PredictRequest request = new() { Items = ["v5"] };
        Assert.Equal("SRV001", Assert.Throws<TandemException>(() => predictor.Predict(request)).Fault.Code);

        predictor.Swap("4", null, ServedRowModel.NotComputed("4", ["item_play"]));

        Assert.Equal("SRV008", Assert.Throws<TandemException>(() => predictor.Predict(request)).Fault.Code);
        Assert.Equal("4", predictor.Version);
    }

    [Fact]
    public void Predict_InSteadyState_AllocatesItsAnswerAndLittleElse()
    {
        OutcomePredictor predictor = Create();
        PredictRequest request = new() { UserId = "ann", Items = [.. Enumerable.Range(0, 10).Select(static i => $"v{i}")] };
        for (int i = 0; i < 200; i++)
        {
            predictor.Predict(request);
        }

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                predictor.Predict(request);
            }
        });

        // Ten predictions of 40 bytes, their list, ten vectors of two floats, ten flags, two records and an id.
        Assert.InRange(allocated / 100, 0, 980);
    }

    private OutcomePredictor Create()
    {
        OutcomePredictor predictor = new(_meter, TimeProvider.System);
        predictor.Swap("3", _played.Model(readsRetrieval: false), null);
        return predictor;
    }
}
