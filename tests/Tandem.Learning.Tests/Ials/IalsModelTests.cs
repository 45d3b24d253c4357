using Tandem.Learning.Ials;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Ials;

public sealed class IalsModelTests : ItemScorerConformance
{
    protected override string KindName => "ials";

    protected override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["factors"] = 8,
        ["epochs"] = 4,
    };

    [Theory]
    [InlineData(1, 3, 0, 0)]
    [InlineData(2, 8, 0, 0)]
    [InlineData(3, 33, 0, 0)]
    [InlineData(4, 5, 3, 0)]
    [InlineData(5, 8, 3, 60)]
    [InlineData(6, 64, 0, 60)]
    public void Fit_AgreesWithTheDenseTwin(ulong seed, int factors, double halfLife, int conjugateSteps)
    {
        Interactions rows = SmallWorld.Make(seed, userCount: 25, itemCount: 18);
        IalsOptions options = new()
        {
            Factors = factors,
            Epochs = 3,
            Regularisation = 0.05,
            RegularisationExponent = 0.7,
            UnobservedWeight = 0.2,
            HalfLifeDays = halfLife,
            ConjugateSteps = conjugateSteps,
        };

        IalsModel model = IalsTrainer.Fit(rows, options, new FitContext { Seed = seed }, CancellationToken.None);

        double[,] expected = DenseIals.Score(rows, options, seed);
        for (int user = 0; user < rows.UserCount; user++)
        {
            if (rows.ItemsOf(user).IsEmpty)
            {
                continue;
            }

            float[] scores = SmallWorld.Score(model, QueryOf(rows, user));
            for (int item = 0; item < rows.ItemCount; item++)
            {
                // Three alternations of float32 solves of well-conditioned systems.
                Assert.True(Math.Abs(expected[user, item] - scores[item]) < 1e-3, $"seed {seed}, user {user}, item {item}");
            }
        }
    }

    [Fact]
    public void ScoreItems_OfTheSameHistoryFoldedIn_IsWhatIsStored()
    {
        Interactions rows = SmallWorld.Make(seed: 5);
        IItemScorer model = Fit(rows);

        for (int user = 0; user < rows.UserCount; user++)
        {
            float[] stored = SmallWorld.Score(model, QueryOf(rows, user));
            float[] folded = SmallWorld.Score(model, NewQueryOf(rows, user));

            for (int item = 0; item < rows.ItemCount; item++)
            {
                // The same system with repeated items added in another order.
                Assert.Equal(stored[item], folded[item], 1e-4f);
            }
        }
    }

    [Fact]
    public void ScoreItems_AfterANewAction_TurnsToItsTaste()
    {
        Interactions rows = SmallWorld.Make(seed: 6, userCount: 200);
        IItemScorer model = Fit(rows);
        int half = rows.ItemCount / 2;

        float[] left = SmallWorld.Score(model, new ItemQuery { User = -1, History = [0, 1] });
        float[] right = SmallWorld.Score(model, new ItemQuery { User = -1, History = [half, half + 1] });

        Assert.True(Kernel.Sum(left.AsSpan(0, half)) > Kernel.Sum(left.AsSpan(half)));
        Assert.True(Kernel.Sum(right.AsSpan(0, half)) < Kernel.Sum(right.AsSpan(half)));
    }

    [Fact]
    public void ScoreSimilar_PrefersTheSameTaste()
    {
        Interactions rows = SmallWorld.Make(seed: 7, userCount: 200);
        IItemScorer model = Fit(rows);
        float[] scores = new float[rows.ItemCount];

        model.ScoreSimilar(0, scores);

        int best = Array.IndexOf(scores, scores.Max());
        Assert.InRange(best, 1, (rows.ItemCount / 2) - 1);
        Assert.InRange(scores[best], 0, 1.0001f);
    }
}
