using Tandem.Learning.Networks;
using Tandem.Learning.RowNetworks;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.RowNetworks;

public sealed class RowLossTests
{
    private const ulong Seed = 23;

    public static TheoryData<RowTargetKind, int, int> Cases() => new()
    {
        { RowTargetKind.Binary, 0, 0 },
        { RowTargetKind.Binary, 2, 0 },
        { RowTargetKind.Multilabel, 0, 0 },
        { RowTargetKind.Multilabel, 1, 0 },
        { RowTargetKind.Multiclass, 0, 0 },
        { RowTargetKind.Number, 0, 0 },
        { RowTargetKind.Count, 0, 0 },
        { RowTargetKind.Order, 0, (int)OrderLoss.Softmax },
        { RowTargetKind.Order, 0, (int)OrderLoss.ListNet },
        { RowTargetKind.Order, 0, (int)OrderLoss.Pairs },
        { RowTargetKind.Order, 0, (int)OrderLoss.Margin },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_GivesTheGradientOfTheMeanLoss(RowTargetKind kind, int focalGamma, int orderLoss)
    {
        RowTarget target = new(kind) { Classes = kind is RowTargetKind.Multilabel or RowTargetKind.Multiclass ? 3 : 0 };
        RowLoss loss = new(target, focalGamma, (OrderLoss)orderLoss);
        const int Count = 7;
        SeededRandom random = new(Seed);
        RowBuffer scores = new(target.OutputCount);
        scores.Resize(Count);
        foreach (ref float score in scores.Values)
        {
            score = (float)random.NextGaussian();
        }

        int most = kind is RowTargetKind.Binary or RowTargetKind.Multilabel ? 2 : 3;
        float[] labels = [.. Enumerable.Range(0, Count * target.LabelCount).Select(_ => (float)random.NextInt(most))];
        float[] weights = [.. Enumerable.Range(0, Count).Select(static row => 0.5f + (row % 3))];
        int[] starts = kind == RowTargetKind.Order ? [0, 4, 7] : [.. Enumerable.Range(0, Count + 1)];
        RowBuffer slopes = new(target.OutputCount);
        RowBuffer ignored = new(target.OutputCount);

        (double sum, int count) = loss.Run(scores, labels, weights, starts, slopes);

        Assert.Equal(starts.Length - 1, count);
        Assert.True(double.IsFinite(sum));
        for (int i = 0; i < scores.Values.Length; i++)
        {
            // Scores are float32: differences of 1e-7 over a step of 1e-3.
            const float Step = 1e-3f;
            float before = scores.Values[i];
            scores.Values[i] = before + Step;
            double above = loss.Run(scores, labels, weights, starts, ignored).Sum;
            double reached = scores.Values[i];
            scores.Values[i] = before - Step;
            double slope = (above - loss.Run(scores, labels, weights, starts, ignored).Sum)
                / (reached - scores.Values[i]) / count;
            scores.Values[i] = before;
            Assert.True(
                Math.Abs(slope - slopes.Values[i]) < 2e-3, $"seed {Seed}, score {i}: {slope} {slopes.Values[i]}");
        }

        Assert.True(slopes.Values.ContainsAnyExcept(0f));
    }
}
