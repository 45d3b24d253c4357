using Tandem.Learning.Inputs;
using Tandem.Numerics;

namespace Tandem.Learning.Ftrl;

/// <summary>Passes over rows that are all there, in an order of each pass's own.</summary>
internal static class FtrlTrainer
{
    public static FtrlModel Fit(
        LabelledRows rows, RowInputs inputs, FtrlOptions options, FitContext context, CancellationToken cancellationToken)
    {
        using FtrlLearner learner = new(inputs, options);
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        float weightScale = rows.Weights.Length == 0 ? 1 : (float)(1 / rows.Weights.Average(static weight => (double)weight));
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            SeededRandom random = new(context.Seed, (ulong)epoch);
            random.Shuffle(order);
            learner.Learn(rows, order, weightScale, cancellationToken);
            context.Progress?.Report((epoch + 1.0) / options.Epochs);
        }

        return learner.ToModel();
    }
}
