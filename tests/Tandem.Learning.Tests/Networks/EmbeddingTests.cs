using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Networks;

public sealed class EmbeddingTests
{
    private static readonly int[] Ids = [3, 0, 3, 12, 7, 3, 12];

    // Bags: {3, 0, 3}, {}, {12, 7}, {3, 12}.
    private static readonly int[] Starts = [0, 3, 3, 5, 7];

    [Fact]
    public void Gather_AndItsGradient_FollowTheDefinition()
    {
        EmbeddingTable table = new(13, 5, 1, seed: 1, stream: 1);
        SeededRandom random = new(2);
        RowBuffer weights = GradientCheck.Rows(Ids.Length, 5, ref random);
        RowBuffer gathered = new(5);
        RowGradients gradients = new(13, 5);

        table.Gather(Ids, gathered);
        Fill(gradients, part => gradients.Add(part, Ids, weights));

        Matrix expected = new(13, 5);
        for (int i = 0; i < Ids.Length; i++)
        {
            Assert.Equal(table.Rows.Row(Ids[i]).ToArray(), gathered.Row(i).ToArray());
            Kernel.AddScaled(1, weights.Row(i), expected.Row(Ids[i]));
        }

        AssertGradients(expected, gradients);
    }

    [Fact]
    public void GatherBags_TakesMeans_AndItsGradientIsThatOfDifferences()
    {
        EmbeddingTable table = new(13, 5, 1, seed: 3, stream: 1);
        SeededRandom random = new(4);
        RowBuffer weights = GradientCheck.Rows(Starts.Length - 1, 5, ref random);
        RowBuffer means = new(5);
        RowGradients gradients = new(13, 5);
        Fill(gradients, part => gradients.AddBags(part, Ids, Starts, weights));
        Matrix found = new(13, 5);
        gradients.CopyTo(found);

        double Loss()
        {
            table.GatherBags(Ids, Starts, means);
            double loss = 0;
            for (int i = 0; i < means.Values.Length; i++)
            {
                loss += (double)means.Values[i] * weights.Values[i];
            }

            return loss;
        }

        for (int i = 0; i < table.Rows.Values.Length; i++)
        {
            int at = i;
            GradientCheck.AssertClose(
                GradientCheck.Slope(Loss, () => ref table.Rows.Values[at]), found.Values[i], 3e-5, $"element {i}");
        }

        Assert.Equal(new float[5], means.Row(1).ToArray());
    }

    [Fact]
    public void Apply_StepsOnlyWhatWasMet_AndClearForgets()
    {
        EmbeddingTable table = new(13, 5, 1, seed: 5, stream: 1);
        float[] before = [.. table.Rows.Values];
        Optimiser optimiser = new(new OptimiserOptions { Kind = OptimiserKind.Sgd }, before.Length);
        SeededRandom random = new(6);
        RowBuffer weights = GradientCheck.Rows(Ids.Length, 5, ref random);
        RowGradients gradients = new(13, 5);
        Fill(gradients, part => gradients.Add(part, Ids, weights));
        Fill(gradients, part => gradients.Add(part, Ids, weights));
        Matrix found = new(13, 5);
        gradients.CopyTo(found);

        optimiser.Begin(0.5);
        for (int part = 0; part < RowGradients.PartCount; part++)
        {
            gradients.Apply(part, table, optimiser, scale: 0.1f);
        }

        for (int i = 0; i < before.Length; i++)
        {
            Assert.Equal(before[i] - (0.05f * found.Values[i]), table.Rows.Values[i], 1e-6);
        }
    }

    private static void Fill(RowGradients gradients, Action<int> add)
    {
        for (int part = 0; part < RowGradients.PartCount; part++)
        {
            gradients.Clear(part);
            add(part);
        }
    }

    private static void AssertGradients(Matrix expected, RowGradients gradients)
    {
        Matrix found = new(expected.RowCount, expected.ColumnCount);
        gradients.CopyTo(found);
        Assert.Equal(expected.Values, found.Values);
        double squares = 0;
        for (int part = 0; part < RowGradients.PartCount; part++)
        {
            squares += gradients.SumOfSquares(part);
        }

        Assert.Equal(expected.Values.Sum(value => (double)value * value), squares, 1e-4);
    }
}
