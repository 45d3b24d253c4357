using Tandem.Faults;
using Tandem.Learning.Sasrec;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Learning.Tests.Sasrec;

public sealed class SasrecModelTests : ItemScorerConformance
{
    private static readonly SasrecOptions Small = new()
    {
        Factors = 8,
        Blocks = 1,
        Heads = 2,
        HistoryLength = 6,
        BatchSize = 40,
        Epochs = 4,
        Patience = 2,
        LearningRate = 0.01,
    };

    protected override string KindName => "sasrec";

    protected override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["factors"] = 4,
        ["blocks"] = 1,
        ["heads"] = 2,
        ["history_length"] = 4,
        ["epochs"] = 2,
        ["batch_size"] = 32,
    };

    /// <summary>A world where each item is followed by the one two further on, whoever the user is: a model of order knows the
    /// next item, one of popularity cannot.</summary>
    [Fact]
    public void Fit_LearnsTheOrderOfHistories()
    {
        Interactions rows = Rounds(userCount: 200, itemCount: 30, seed: 1);

        SasrecModel model = SasrecTrainer.Fit(
            rows, Small with { Factors = 16, Epochs = 25, Patience = 0, Dropout = 0.1 }, new FitContext(), CancellationToken.None);

        for (int item = 0; item < 30; item++)
        {
            float[] scores = SmallWorld.Score(
                model, new ItemQuery { User = -1, History = (int[])[(item + 26) % 30, (item + 28) % 30, item] });
            Assert.Equal((item + 2) % 30, Array.IndexOf(scores, scores.Max()));
        }
    }

    [Fact]
    public void Fit_WithSampledNegatives_LearnsTheSame()
    {
        Interactions rows = Rounds(userCount: 200, itemCount: 30, seed: 2);

        SasrecModel model = SasrecTrainer.Fit(
            rows, Small with { Factors = 16, Epochs = 40, Patience = 0, Dropout = 0.1, Negatives = 12 }, new FitContext(),
            CancellationToken.None);

        int right = 0;
        for (int item = 0; item < 30; item++)
        {
            float[] scores = SmallWorld.Score(
                model, new ItemQuery { User = -1, History = (int[])[(item + 26) % 30, (item + 28) % 30, item] });
            right += Array.IndexOf(scores, scores.Max()) == (item + 2) % 30 ? 1 : 0;
        }

        Assert.InRange(right, 28, 30);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Fit_WithAnyThreadCount_AndSampledNegatives_GivesTheSameBytes(int negatives)
    {
        Interactions rows = SmallWorld.Make(seed: 3, userCount: 300, itemCount: 100);
        SasrecOptions options = Small with { Negatives = negatives, Blocks = 2 };

        byte[][] bytes = [.. new[] { 1, 2, 5 }.Select(threads => SmallWorld.Save(
            SasrecTrainer.Fit(rows, options, new FitContext { ThreadCount = threads }, CancellationToken.None)))];

        Assert.Equal(bytes[0], bytes[1]);
        Assert.Equal(bytes[0], bytes[2]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Resume_OfACheckpoint_GivesTheBytesOfOneTraining(int negatives)
    {
        Interactions rows = SmallWorld.Make(seed: 4, userCount: 200, itemCount: 60);
        SasrecOptions options = Small with { Negatives = negatives, Epochs = 6, Patience = 10 };
        FitContext context = new() { ThreadCount = 2 };
        using SasrecTraining whole = new(rows, options, context);
        using SasrecTraining first = new(rows, options, context);
        using SasrecTraining second = new(rows, options, context);
        Run(whole, rows, 6);
        Run(first, rows, 3);
        using MemoryStream checkpoint = new();
        first.Save(checkpoint);
        checkpoint.Position = 0;

        second.Resume(checkpoint);
        Run(second, rows, 3);

        Assert.Equal(6, second.Epoch);
        Assert.True(second.IsDone);
        Assert.Equal(whole.LastFigure, second.LastFigure);
        Assert.Equal(SaveTraining(whole), SaveTraining(second));
    }

    [Fact]
    public void Resume_OfAnotherTraining_IsACodedFault()
    {
        Interactions rows = SmallWorld.Make(seed: 4);
        using SasrecTraining one = new(rows, Small, new FitContext());
        using SasrecTraining other = new(rows, Small with { Factors = 16 }, new FitContext());

        TandemException fault = Assert.Throws<TandemException>(() => other.Resume(new MemoryStream(SaveTraining(one))));

        Assert.Equal("LRN012", fault.Fault.Code);
    }

    [Fact]
    public void RunEpoch_AfterTheFirst_AllocatesOnlyForTheHeldOutUsers()
    {
        Interactions rows = SmallWorld.Make(seed: 5, userCount: 400, itemCount: 100);
        using SasrecTraining training = new(rows, Small with { Patience = 0, Epochs = 100 }, new FitContext { ThreadCount = 1 });
        Run(training, rows, 5);

        long allocated = Allocations.Least(() => training.RunEpoch(rows, CancellationToken.None));

        // Buffers grow where a shuffled batch has more rows than any before it: now and then, not in every of the ten steps.
        Assert.InRange(allocated, 0, 200_000);
    }

    [Fact]
    public void Fit_StopsWhereHeldOutUsersAreNoLongerServedBetter_AndKeepsTheBest()
    {
        Interactions rows = SmallWorld.Make(seed: 6, userCount: 300, itemCount: 60);
        using SasrecTraining training = new(
            rows, Small with { Epochs = 200, Patience = 3, Dropout = 0 }, new FitContext { ThreadCount = 1 });
        List<double> figures = [];
        while (!training.IsDone)
        {
            training.RunEpoch(rows, CancellationToken.None);
            figures.Add(training.LastFigure);
        }

        Assert.InRange(training.Epoch, 4, 199);
        Assert.Equal(figures.Count - 4, figures.IndexOf(figures.Max()));
    }

    [Fact]
    public void Sequences_HoldTheLastRowBackFromTheHeldOut_AndCutLongHistories()
    {
        int[] history = [.. Enumerable.Range(0, 11)];
        Interactions rows = SmallWorld.From(20, [.. Enumerable.Repeat(history, 200), [3], []]);
        SequenceSet held = new(rows, length: 4, holdsOut: true, seed: 1);
        SequenceSet all = new(rows, length: 4, holdsOut: false, seed: 1);

        Assert.Equal(40, held.HeldOut.Count);
        Assert.Empty(all.HeldOut);

        // 0…10 in windows of four steps: 6–10, 2–6, 0–2; held out, 5–9, 1–5, 0–1.
        Assert.Equal(3 * 200, all.Count);
        Assert.Equal([6, 7, 8, 9, 10], all.Window(0).ToArray());
        Assert.Equal([2, 3, 4, 5, 6], all.Window(1).ToArray());
        Assert.Equal([0, 1, 2], all.Window(2).ToArray());
        int first = 3 * held.HeldOut[0];
        Assert.Equal([5, 6, 7, 8, 9], held.Window(first).ToArray());
        Assert.Equal([0, 1], held.Window(first + 2).ToArray());
        Assert.Equal(1, held.TargetShares().Sum(), 1e-5);
    }

    [Fact]
    public void ScoreMany_GivesWhatEveryQueryGives()
    {
        Interactions rows = SmallWorld.Make(seed: 7);
        IBatchScorer model = SasrecTrainer.Fit(rows, Small, new FitContext(), CancellationToken.None);
        Matrix scores = new(rows.UserCount, rows.ItemCount);

        model.ScoreMany(rows.UserCount, user => QueryOf(rows, user), scores);

        for (int user = 0; user < rows.UserCount; user++)
        {
            float[] expected = SmallWorld.Score(model, QueryOf(rows, user));
            for (int item = 0; item < rows.ItemCount; item++)
            {
                Assert.Equal(expected[item], scores.Row(user)[item], 1e-5);
            }
        }
    }

    [Fact]
    public void Fit_WithUnevenHeads_IsACodedFault()
    {
        Dictionary<string, double> values = new(StringComparer.Ordinal) { ["factors"] = 10, ["heads"] = 3 };

        TandemException fault = Assert.Throws<TandemException>(() => ModelCatalogue.Default.Find("sasrec").Fit(
            SmallWorld.Make(seed: 8), values, new FitContext(), CancellationToken.None));

        Assert.Equal("LRN020", fault.Fault.Code);
    }

    private static void Run(SasrecTraining training, Interactions rows, int epochs)
    {
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            training.RunEpoch(rows, CancellationToken.None);
        }
    }

    private static byte[] SaveTraining(SasrecTraining training)
    {
        using MemoryStream stream = new();
        training.Save(stream);
        return stream.ToArray();
    }

    private static Interactions Rounds(int userCount, int itemCount, ulong seed)
    {
        SeededRandom random = new(seed);
        int[][] histories = new int[userCount][];
        for (int user = 0; user < userCount; user++)
        {
            int first = random.NextInt(itemCount);
            histories[user] = [.. Enumerable.Range(0, 4 + random.NextInt(5)).Select(step => (first + (2 * step)) % itemCount)];
        }

        return SmallWorld.From(itemCount, histories);
    }
}
