using Tandem.Numerics;

namespace Tandem.Learning.Logistic;

/// <summary>Fits logistic regression: the one least point of a convex function, found by limited-memory BFGS from
/// zero.</summary>
internal static class LogisticTrainer
{
    public static LogisticModel Fit(
        LabelledRows rows, LogisticOptions options, FitContext context, CancellationToken cancellationToken)
    {
        LogisticLoss loss = new(rows, options.Regularisation, context.ThreadCount, context.FocalGamma);
        double[] point = new double[loss.Length];
        _ = QuasiNewton.Minimise(
            (at, gradient) => loss.Evaluate(at, gradient, cancellationToken),
            point, options.Iterations, options.Tolerance,
            iteration => context.Progress?.Report((double)iteration / options.Iterations),
            cancellationToken);
        context.Progress?.Report(1);
        return new LogisticModel(
            [.. point.Take(rows.DenseCount).Select(static weight => (float)weight)],
            [.. point.Skip(rows.DenseCount).Take(rows.SparseCount).Select(static weight => (float)weight)],
            (float)point[^1]);
    }
}
