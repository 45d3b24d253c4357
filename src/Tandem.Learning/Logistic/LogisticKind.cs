using Tandem.Learning.Catalogue;

namespace Tandem.Learning.Logistic;

/// <summary>The catalogue entry.</summary>
internal static class LogisticKind
{
    private static readonly LogisticOptions Defaults = new();

    public static RowModelKind Kind { get; } = RowKindDefinition.Create(
        LogisticModel.KindName,
        "Logistic regression: a weight for each encoded feature; the baseline of models that read features.",
        [
            new("regularisation", Defaults.Regularisation, 1e-9, 1000, IsWhole: false,
                "Pull of the weights to zero, relative to the mean loss of a row."),
            new("iterations", Defaults.Iterations, 1, 10_000, IsWhole: true, "Steps at most."),
            new("tolerance", Defaults.Tolerance, 1e-12, 1, IsWhole: false,
                "Largest element of the gradient at which fitting ends."),
        ],
        (values, rows, context, cancellationToken) => LogisticTrainer.Fit(
            rows,
            new LogisticOptions
            {
                Regularisation = values.Number("regularisation"),
                Iterations = values.Whole("iterations"),
                Tolerance = values.Number("tolerance"),
            },
            context,
            cancellationToken),
        LogisticModel.Load,
        takesFocalLoss: true);
}
