using Tandem.Learning.Catalogue;

namespace Tandem.Learning.Slim;

/// <summary>The catalogue entry of sparse linear methods.</summary>
internal static class SlimKind
{
    private static readonly SlimOptions Defaults = new();

    public static ModelKind Kind { get; } = KindDefinition.Create(
        SlimModel.KindName,
        "A few learned weights between items, most of them exactly zero; like ease, for larger catalogues.",
        needsTimes: false,
        [
            new("sparsity", Defaults.Sparsity, 0, 1e9, IsWhole: false,
                "Pull of each weight to exactly zero; more keeps fewer."),
            new("regularisation", Defaults.Regularisation, 1e-3, 1e9, IsWhole: false, "Pull of each weight towards zero."),
            new("candidates", Defaults.Candidates, 1, 2000, IsWhole: true,
                "Items that may explain an item: those of the highest cosine."),
            new("non_negative", Defaults.NonNegative ? 1 : 0, 0, 1, IsWhole: true,
                "1 where weights are not to be negative, 0 where they may."),
            new("sweeps", Defaults.Sweeps, 1, 10_000, IsWhole: true, "Passes over an item's weights at most."),
            new("tolerance", Defaults.Tolerance, 1e-9, 1, IsWhole: false,
                "Largest change of a weight in a pass at which fitting ends."),
        ],
        (values, rows, context, cancellationToken) => SlimTrainer.Fit(
            rows,
            new SlimOptions
            {
                Sparsity = values.Number("sparsity"),
                Regularisation = values.Number("regularisation"),
                Candidates = values.Whole("candidates"),
                NonNegative = values.Whole("non_negative") == 1,
                Sweeps = values.Whole("sweeps"),
                Tolerance = values.Number("tolerance"),
            },
            context,
            cancellationToken),
        SlimModel.Load);
}
