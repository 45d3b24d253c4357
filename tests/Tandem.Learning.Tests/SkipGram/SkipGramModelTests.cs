using Tandem.Learning.Descent;
using Tandem.Learning.SkipGram;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.SkipGram;

public sealed class SkipGramModelTests : ItemScorerConformance
{
    protected override string KindName => "skip_gram";

    protected override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double>(StringComparer.Ordinal) { ["factors"] = 8, ["epochs"] = 20 };

    /// <summary>The derivative of ln σ(x·y) + Σ ln σ(−x·y′), by small differences.</summary>
    [Fact]
    public void Step_GoesUpTheLikelihoodOfThePair()
    {
        const float Rate = 1e-3f;
        SeededRandom random = new(seed: 1);
        Matrix vectors = Draw(ref random);
        Matrix contexts = Draw(ref random);
        float[] vector = vectors.Row(0).ToArray();
        float[][] others = [.. Enumerable.Range(0, 3).Select(other => contexts.Row(other).ToArray())];
        SkipGramStep step = new(vectors, contexts);

        step.Start(0);
        step.Move(0, isNear: true, Rate);
        step.Move(1, isNear: false, Rate);
        step.Move(2, isNear: false, Rate);
        step.Finish();

        for (int at = 0; at < vector.Length; at++)
        {
            int place = at;
            Assert.Equal(
                Slope(change => Likelihood(Changed(vector, place, change), others)),
                (vectors.Row(0)[at] - vector[at]) / Rate, 1e-3);
            for (int other = 0; other < others.Length; other++)
            {
                int which = other;
                Assert.Equal(
                    Slope(change => Likelihood(
                        vector, [.. others.Select((each, i) => i == which ? Changed(each, place, change) : each)])),
                    (contexts.Row(other)[at] - others[other][at]) / Rate, 1e-3);
            }
        }
    }

    [Fact]
    public void ScoreSimilar_ForMostItems_FindsTheirOwnHalf()
    {
        Interactions rows = SmallWorld.Make(seed: 2, userCount: 300);
        IItemScorer model = Fit(rows);
        float[] scores = new float[rows.ItemCount];
        int half = rows.ItemCount / 2;
        int right = 0;

        for (int item = 0; item < rows.ItemCount; item++)
        {
            model.ScoreSimilar(item, scores);
            int best = Array.IndexOf(scores, scores.Max());
            right += best < half == item < half ? 1 : 0;
        }

        Assert.InRange(right, (int)(0.9 * rows.ItemCount), rows.ItemCount);
    }

    /// <summary>Two markets of two tastes each: with popular negatives alone, vectors mostly tell markets
    /// apart.</summary>
    [Fact]
    public void Fit_WithMarketNegatives_TellsTastesWithinAMarketApart()
    {
        SeededRandom random = new(seed: 3);
        int[][] histories = new int[600][];
        for (int user = 0; user < histories.Length; user++)
        {
            histories[user] = new int[6];
            foreach (ref int item in histories[user].AsSpan())
            {
                int taste = random.NextDouble() < 0.8 ? user % 4 : user % 4 ^ 1;
                item = (10 * taste) + random.NextInt(10);
            }
        }

        Interactions rows = SmallWorld.From(itemCount: 40, histories) with
        {
            ItemGroups = [.. Enumerable.Range(0, 40).Select(static item => item / 20)],
        };

        double without = LikenessOfTastes(rows, marketNegatives: 0);
        double with = LikenessOfTastes(rows, marketNegatives: 5);

        Assert.True(with < without - 0.01, $"{with} and {without}");
    }

    [Theory]
    [InlineData(0, new[] { 3, 3, 3, 3, 5, 5 })]
    [InlineData(1, new[] { 0, 2, 2, 3, 4, 5 })]
    [InlineData(5, new[] { 2, 2, 2, 3, 5, 5 })]
    [InlineData(100, new[] { 3, 3, 3, 3, 5, 5 })]
    public void Sessions_EndWhereTheGapIsLonger(double gapDays, int[] lasts)
    {
        Interactions rows = SmallWorld.From(itemCount: 3, [0, 1, 2, 0], [1, 2]) with
        {
            AgeDays = [40, 37, 36.5f, 10, 9, 5],
        };

        Assert.Equal(lasts, SkipGramTrainer.LastsOfSessions(rows, gapDays));
        Assert.Equal([3, 3, 3, 3, 5, 5], SkipGramTrainer.LastsOfSessions(rows with { AgeDays = [] }, gapDays));
    }

    [Fact]
    public void Draw_OfNegatives_FollowsThePowerOfTheCount()
    {
        Interactions rows = SmallWorld.From(itemCount: 4, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2]) with
        {
            ItemGroups = [0, 1, 0, 1],
        };
        Strata strata = new(rowCount: 4, columnCount: 4, seed: 1);
        NegativeItems negatives = new(rows, countExponent: 0.5);
        SeededRandom random = new(seed: 5);
        int[] drawn = new int[4];
        strata.Deal(epoch: 0);
        negatives.Prepare(strata);

        for (int i = 0; i < 60_000; i++)
        {
            drawn[negatives.Draw(0, ref random)]++;
            Assert.Contains(negatives.DrawOfGroup(3, 0, ref random), (int[])[1, 3]);
        }

        // Shares 3, 1 and 2 of 6; five standard deviations are 600.
        Assert.InRange(drawn[0], 29_400, 30_600);
        Assert.InRange(drawn[1], 9_400, 10_600);
        Assert.InRange(drawn[2], 19_400, 20_600);
        Assert.Equal(0, drawn[3]);
    }

    /// <summary>Mean cosine of items of one market and different tastes, relative to that of one taste.</summary>
    private static double LikenessOfTastes(Interactions rows, int marketNegatives)
    {
        SkipGramModel model = SkipGramTrainer.Fit(
            rows, new SkipGramOptions { Factors = 8, Negatives = 2, MarketNegatives = marketNegatives }, new FitContext(),
            CancellationToken.None);
        double Mean(Func<int, int, bool> counts) => Enumerable.Range(0, 40).SelectMany(one => Enumerable.Range(0, one)
            .Where(other => counts(one / 10, other / 10))
            .Select(other => Kernel.Dot(model.ItemFactors.Row(one), model.ItemFactors.Row(other)))).Average();
        return Mean(static (one, other) => one != other && one / 2 == other / 2) - Mean(static (one, other) => one == other);
    }

    private static Matrix Draw(ref SeededRandom random)
    {
        Matrix matrix = new(3, 4);
        foreach (ref float value in matrix.Values.AsSpan())
        {
            value = (float)random.NextGaussian();
        }

        return matrix;
    }

    private static float[] Changed(float[] vector, int place, double change)
    {
        float[] changed = [.. vector];
        changed[place] += (float)change;
        return changed;
    }

    private static double Slope(Func<double, double> of) => (of(1e-2) - of(-1e-2)) / 2e-2;

    private static double Likelihood(float[] vector, float[][] others) => others.Select((other, at) =>
    {
        double product = vector.Zip(other, static (a, b) => (double)a * b).Sum();
        return -Math.Log(1 + Math.Exp(at == 0 ? -product : product));
    }).Sum();
}
