using Tandem.Faults;
using Tandem.Learning.Bpr;
using Tandem.Learning.Descent;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Bpr;

public sealed class BprModelTests : ItemScorerConformance
{
    protected override string KindName => "bpr";

    protected override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double>(StringComparer.Ordinal) { ["factors"] = 8, ["epochs"] = 20 };

    /// <summary>The same draws, with every step written out in float64.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fit_AgreesWithTheObviousDescent(ulong seed)
    {
        BprOptions options = new() { Factors = 5, Epochs = 6, LearningRate = 0.2, Regularisation = 0.03 };
        Interactions rows = SmallWorld.Make(seed, userCount: 140, itemCount: 130);
        BprModel model = BprTrainer.Fit(
            rows, options, new FitContext { Seed = seed, ThreadCount = 2 }, CancellationToken.None);

        double[][] expected = Descend(rows, options, seed);

        for (int user = 0; user < rows.UserCount; user++)
        {
            if (!rows.ItemsOf(user).IsEmpty)
            {
                float[] scores = SmallWorld.Score(model, QueryOf(rows, user));
                for (int item = 0; item < rows.ItemCount; item++)
                {
                    // Float32 rounding through some thousand steps.
                    Assert.True(
                        Math.Abs(expected[user][item] - scores[item]) < 2e-3 * (1 + Math.Abs(expected[user][item])),
                        $"seed {seed}, user {user}, item {item}: {expected[user][item]} and {scores[item]}");
                }
            }
        }
    }

    [Fact]
    public void ScoreItems_ForEachTaste_PutsTheirOwnHalfFirst()
    {
        Interactions rows = SmallWorld.Make(seed: 5, userCount: 200);
        BprModel model = BprTrainer.Fit(
            rows, new BprOptions { Factors = 8, LearningRate = 0.1, Epochs = 200 }, new FitContext(), CancellationToken.None);
        int right = 0;
        int folded = 0;

        for (int user = 2; user < rows.UserCount; user++)
        {
            right += PrefersOwnHalf(SmallWorld.Score(model, QueryOf(rows, user)), user) ? 1 : 0;
            folded += PrefersOwnHalf(SmallWorld.Score(model, NewQueryOf(rows, user)), user) ? 1 : 0;
        }

        Assert.InRange(right, 0.95 * (rows.UserCount - 2), rows.UserCount);
        Assert.InRange(folded, 0.95 * (rows.UserCount - 2), rows.UserCount);
    }

    [Fact]
    public void Fit_WithStepsTooLong_IsACodedFault()
    {
        TandemException fault = Assert.Throws<TandemException>(() => BprTrainer.Fit(
            SmallWorld.Make(seed: 6), new BprOptions { LearningRate = 10, Regularisation = 100 }, new FitContext(),
            CancellationToken.None));

        Assert.Equal("LRN017", fault.Fault.Code);
    }

    private static bool PrefersOwnHalf(float[] scores, int user)
    {
        int half = scores.Length / 2;
        return scores[..half].Average() > scores[half..].Average() == (user % 2 == 0);
    }

    private static double[][] Descend(Interactions rows, BprOptions options, ulong seed)
    {
        SparseRows chosen = BprTrainer.Choices(rows);
        int[] users = [.. Enumerable.Range(0, chosen.RowCount).SelectMany(user => Enumerable.Repeat(user, chosen.CountOf(user)))];
        SeededRandom random = new(seed);
        double[][] p = ToDoubles(BprTrainer.Draw(rows.UserCount, options.Factors, ref random));
        double[][] q = ToDoubles(BprTrainer.Draw(rows.ItemCount, options.Factors, ref random));
        double[] b = new double[rows.ItemCount];
        Strata strata = new(rows.UserCount, rows.ItemCount, seed);
        Assert.True(strata.BlockCount > 1);
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            double rate = options.LearningRate * (options.Epochs - epoch) / options.Epochs;
            strata.Deal(epoch);
            strata.Run(
                users, chosen.Columns, threadCount: 1, static () => 0,
                (int _, ReadOnlySpan<int> pairs, int block, ref SeededRandom own) =>
                {
                    foreach (int pair in pairs)
                    {
                        int u = users[pair];
                        int i = chosen.Columns[pair];
                        int j = BprTrainer.DrawOther(strata.ColumnsOf(block), chosen.ColumnsOf(u), ref own);
                        Assert.DoesNotContain(j, rows.ItemsOf(u).ToArray());
                        double x = b[i] - b[j] + Enumerable.Range(0, options.Factors).Sum(f => p[u][f] * (q[i][f] - q[j][f]));
                        double g = 1 / (1 + Math.Exp(x));
                        for (int f = 0; f < options.Factors; f++)
                        {
                            (double was, double wasI, double wasJ) = (p[u][f], q[i][f], q[j][f]);
                            p[u][f] += rate * ((g * (wasI - wasJ)) - (options.Regularisation * was));
                            q[i][f] += rate * ((g * was) - (options.Regularisation * wasI));
                            q[j][f] += rate * ((-g * was) - (options.Regularisation * wasJ));
                        }

                        b[i] += rate * (g - (options.Regularisation * b[i]));
                        b[j] += rate * (-g - (options.Regularisation * b[j]));
                    }
                },
                CancellationToken.None);
        }

        return
        [
            .. p.Select(user => q.Select((item, at) => b[at] + user.Zip(item, static (one, other) => one * other).Sum())
                .ToArray()),
        ];
    }

    private static double[][] ToDoubles(Matrix matrix) =>
    [
        .. Enumerable.Range(0, matrix.RowCount).Select(
            row => matrix.Row(row).ToArray().Select(static value => (double)value).ToArray()),
    ];
}
