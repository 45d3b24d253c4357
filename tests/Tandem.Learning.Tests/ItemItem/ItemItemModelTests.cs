#pragma warning disable CA1814 // The oracle is dense algebra: a rectangle is what it means.
using Tandem.Learning.Popularity;

namespace Tandem.Learning.Tests.ItemItem;

public sealed class ItemItemModelTests : ItemScorerConformance
{
    protected override string KindName => "item_item";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ScoreItems_AgreesWithTheDenseProduct(ulong seed)
    {
        Interactions rows = SmallWorld.Make(seed);
        double[,] likeness = DenseLikeness(rows);
        float[] shares = ItemShares.CountAsTieBreak(rows);
        IItemScorer model = Fit(rows);

        for (int user = 0; user < rows.UserCount; user++)
        {
            float[] scores = SmallWorld.Score(model, QueryOf(rows, user));

            for (int item = 0; item < rows.ItemCount; item++)
            {
                double expected = shares[item];
                foreach (int met in rows.ItemsOf(user))
                {
                    expected += met == item ? 0 : likeness[met, item];
                }

                // Sums of some hundred float32 terms below 1.
                Assert.True(Math.Abs(expected - scores[item]) < 1e-5, $"seed {seed}, user {user}, item {item}");
            }
        }
    }

    [Fact]
    public void Fit_WithFewNeighbours_KeepsTheStrongest()
    {
        Interactions rows = SmallWorld.Make(seed: 4);
        double[,] likeness = DenseLikeness(rows);
        IItemScorer model = ModelCatalogue.Default.Find(KindName).Fit(
            rows,
            new Dictionary<string, double>(StringComparer.Ordinal) { ["neighbours"] = 3 },
            new FitContext(),
            CancellationToken.None);
        float[] scores = new float[rows.ItemCount];

        model.ScoreSimilar(0, scores);

        int[] kept = [.. Enumerable.Range(0, rows.ItemCount).Where(item => scores[item] > 1e-4).Order()];
        int[] strongest = [.. Enumerable.Range(1, rows.ItemCount - 1).OrderByDescending(item => likeness[0, item]).Take(3).Order()];
        Assert.Equal(strongest, kept);
    }

    private static double[,] DenseLikeness(Interactions rows)
    {
        double[,] counts = new double[rows.UserCount, rows.ItemCount];
        double[] userSums = new double[rows.UserCount];
        double[] itemSums = new double[rows.ItemCount];
        for (int user = 0; user < rows.UserCount; user++)
        {
            foreach (int item in rows.ItemsOf(user))
            {
                counts[user, item]++;
                userSums[user]++;
                itemSums[item]++;
            }
        }

        double[,] likeness = new double[rows.ItemCount, rows.ItemCount];
        for (int i = 0; i < rows.ItemCount; i++)
        {
            for (int j = 0; j < rows.ItemCount; j++)
            {
                for (int user = 0; user < rows.UserCount; user++)
                {
                    double both = counts[user, i] * counts[user, j];
                    likeness[i, j] += both == 0 ? 0 : both / (userSums[user] * Math.Sqrt(itemSums[i] * itemSums[j]));
                }
            }
        }

        return likeness;
    }
}
