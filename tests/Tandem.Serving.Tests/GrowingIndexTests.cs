using System.Globalization;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Learning.Nearest;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Testing;

namespace Tandem.Serving.Tests;

/// <summary>Items that come while an index answers: n0, n1 and on behind those that the model was fitted with. What is known of
/// one is how often it was played.</summary>
public sealed class GrowingIndexTests : IDisposable
{
    private const int Fitted = 900;
    private const int Batches = 50;
    private const int BatchSize = 7;
    private const int MostPlays = 3;

    private readonly ItemCatalogue _catalogue = new(["category"]);
    private readonly UserActivity _activity;
    private readonly PlayedItems _played = new();
    private int _pushed;

    public GrowingIndexTests() => _activity = new UserActivity(_catalogue.Items, historyLength: 5);

    public void Dispose() => _played.Dispose();

    [Theory]
    [InlineData("int8")]
    [InlineData("ivf")]
    [InlineData("hnsw")]
    public async Task TakeInItems_BesideRequests_EndsAtTheAnswersOfAllItems(string kind)
    {
        using Predictor predictor = Create(Build(kind, Fitted).WithEffort(int.MaxValue), Fitted);
        using CancellationTokenSource done = new();
        Task[] asking = [.. Enumerable.Range(0, 2).Select(each => Task.Run(() => AskUntil(predictor, each, done.Token)))];
        for (int batch = 0; batch < Batches; batch++)
        {
            Push(BatchSize);
            Play(batch);
            predictor.TakeInItems();
            await Task.Yield();
        }

        await UntilAsync(() => predictor.Model!.Index!.Count == Fitted + _pushed);
        await done.CancelAsync();
        await Task.WhenAll(asking);

        _catalogue.Put("n17", ["category"], ["odd"], isDeleted: true);
        using Predictor twin = Create(index: null, Fitted);
        for (int i = 0; i < 40; i++)
        {
            foreach (RecommendRequest request in Requests(i * 31 % (Fitted + _pushed)))
            {
                Check(twin.Recommend(request), predictor.Recommend(request));
            }
        }
    }

    [Fact]
    public void TakeInItems_OfAnItemReadAgain_IsWhatTheNextRequestFinds()
    {
        using Predictor predictor = Create(Build("int8", Fitted), Fitted);
        Push(100);
        predictor.TakeInItems();
        for (int i = 0; i < 100; i++)
        {
            _played.Play("ann", "n40");
            _catalogue.Put("n40", ["category"], ["even"], isDeleted: false);
            predictor.TakeInItems();

            RecommendResponse found = predictor.Recommend(
                new RecommendRequest { History = ["n40"], Count = 200, ExcludeSeen = false });

            float[] vector = GrowingScorer.Draw(Fitted + 40, i + 1);
            Assert.Equal(
                Kernel.Dot(vector, vector), found.Items.Single(static item => item.Id == "n40").Score, 1e-3);
        }
    }

    [Theory]
    [InlineData("int8")]
    [InlineData("ivf")]
    public async Task TakeInItems_OfMoreThanWereThere_BuildsTheIndexAgain_AndKeepsItsRecall(string kind)
    {
        const int Few = 300;
        NearestIndex index = Build(kind, Few);
        using Predictor predictor = Create(index, Few);
        Push(3 * Few);
        predictor.TakeInItems();

        await UntilAsync(() => index.Count == 4 * Few && !index.IsWorn);
        using Predictor twin = Create(index: null, Few);
        int found = 0;
        for (int i = 0; i < 64 * RecallAudit.Every; i++)
        {
            RecommendRequest request = new() { History = [IdOf(i % (4 * Few), Few)], Count = 50 };
            RecommendResponse answer = predictor.Recommend(request);
            if (i % RecallAudit.Every == 0)
            {
                found += twin.Recommend(request).Items.Select(static item => item.Id)
                    .Intersect(answer.Items.Select(static item => item.Id), StringComparer.Ordinal).Count();
                int questions = 1 + (i / RecallAudit.Every);
                await UntilAsync(() => predictor.Audit.Questions == questions);
            }
        }

        Assert.InRange(found / (64.0 * 50), 0.9, 1);
        Assert.InRange(predictor.Audit.Recall!.Value, 0.9, 1);
    }

    [Fact]
    public async Task Recommend_OfAnIndexThatTookItemsIn_InSteadyState_AllocatesItsAnswerAndLittleElse()
    {
        using Predictor predictor = Create(Build("int8", Fitted), Fitted);
        Push(200);
        predictor.TakeInItems();
        await UntilAsync(() => predictor.Model!.Index!.Count == Fitted + 200);
        _activity.Add("ann", "n10", PlayedItems.Start, PlayedItems.Start, isPositive: true, "1");
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

    /// <summary>Asks, and holds each answer to what it may be while items come: each once, by a vector that it had.</summary>
    private void AskUntil(Predictor predictor, int seed, CancellationToken done)
    {
        SeededRandom random = new((ulong)seed);
        while (!done.IsCancellationRequested)
        {
            int asked = random.NextInt(Fitted);
            float[] query = GrowingScorer.Draw(asked, 0);
            RecommendResponse answer = predictor.Recommend(
                new RecommendRequest { History = [IdOf(asked, Fitted)], Count = 30, ExcludeSeen = random.NextInt(2) == 0 });

            Assert.Equal(30, answer.Items.Count);
            Assert.Equal(30, answer.Items.Select(static item => item.Id).Distinct(StringComparer.Ordinal).Count());
            foreach (RecommendedItem item in answer.Items)
            {
                int number = int.Parse(item.Id.AsSpan(1), CultureInfo.InvariantCulture) + (item.Id[0] == 'n' ? Fitted : 0);
                Assert.Contains(
                    Enumerable.Range(0, MostPlays + 1),
                    plays => Math.Abs(Kernel.Dot(query, GrowingScorer.Draw(number, plays)) - item.Score) < 1e-3);
            }
        }
    }

    private void Push(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Put(_pushed++);
        }
    }

    private void Put(int item) =>
        _catalogue.Put($"n{item}", ["category"], [item % 2 == 0 ? "even" : "odd"], isDeleted: false);

    /// <summary>Plays an item that came before, at most three times in all, and has its row come again.</summary>
    private void Play(int batch)
    {
        int item = batch / MostPlays * BatchSize;
        _played.Play("ann", $"n{item}");
        Put(item);
    }

    private static string IdOf(int item, int fitted) => item < fitted ? $"v{item}" : $"n{item - fitted}";

    private static IEnumerable<RecommendRequest> Requests(int asked)
    {
        string[] history = [IdOf(asked, Fitted)];
        yield return new RecommendRequest { History = history, Count = 20 };
        yield return new RecommendRequest { History = history, Count = 20, ExcludeSeen = false };
        yield return new RecommendRequest
        {
            History = history,
            Count = 20,
            Filters = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["category"] = ["odd"] },
        };
    }

    private static void Check(RecommendResponse expected, RecommendResponse found)
    {
        Assert.Equal(expected.Items.Select(item => item.Id), found.Items.Select(item => item.Id), StringComparer.Ordinal);

        // The index multiplies rows in another order than a product of two vectors does.
        Assert.All(expected.Items.Zip(found.Items), static pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-3));
    }

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(120));
        while (!isTrue())
        {
            await Task.Delay(1, limit.Token);
        }
    }

    private static NearestIndex Build(string kind, int items) => ServedIndex.Build(
        GrowingScorer.Of(items), new ServingSpec { Index = new IndexSpec { Kind = kind, Recall = 0.95 } }, 2,
        CancellationToken.None)!;

    private Predictor Create(NearestIndex? index, int fitted)
    {
        EntityIndex items = new();
        for (int i = 0; i < fitted; i++)
        {
            items.FindOrAdd($"v{i}");
        }

        FeatureEncoders plays = FeatureEncoders.Fit(
            new EncoderRows
            {
                Numbers = ["item_play:plays"],
                Values = [0, 1],
                Labels = [0, 1],
                Times = [0, 0],
                IsTraining = [true, true],
            },
            new Dictionary<string, EncoderSpec>(StringComparer.Ordinal), takesMissing: true).Encoders;
        Predictor predictor = new(
            new ServingOptions { HistoryLength = 5 }, [], _catalogue, _activity, TimeProvider.System);
        predictor.Swap(new ServedModel
        {
            Version = "1",
            Scorer = GrowingScorer.Of(fitted),
            Fallback = GrowingScorer.Of(fitted),
            Items = items,
            Users = new EntityIndex(),
            ItemInputs = new ServedEntity(_played.Store, plays, "item"),
            AsOf = PlayedItems.Start,
            Index = index,
        });
        return predictor;
    }
}
