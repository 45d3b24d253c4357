using Tandem.Learning.Catalogue;

namespace Tandem.Learning.GraphFilter;

/// <summary>The catalogue entry of graph filters.</summary>
internal static class GraphFilterKind
{
    private static readonly GraphFilterOptions Defaults = new();

    public static ModelKind Kind { get; } = KindDefinition.Create(
        GraphFilterModel.KindName,
        "Low-pass filters of the graph of users and items, sharpened if wished: strong, quick to fit, nothing learned.",
        needsTimes: false,
        [
            new("factors", Defaults.Factors, 0, 1024, IsWhole: true,
                "Directions that the ideal filter lets through; 0 leaves it out."),
            new("ideal_weight", Defaults.IdealWeight, 0, 100, IsWhole: false,
                "Weight of the ideal filter beside the linear one."),
            new("sharpening", Defaults.Sharpening, 0, 10, IsWhole: false,
                "How long scores are sharpened; 0 is not at all. Costs four passes over all rows a request."),
            new("iterations", Defaults.Iterations, 1, 100, IsWhole: true, "Passes that find the directions."),
        ],
        (values, rows, context, cancellationToken) => GraphFilterTrainer.Fit(
            rows,
            new GraphFilterOptions
            {
                Factors = values.Whole("factors"),
                IdealWeight = values.Number("ideal_weight"),
                Sharpening = values.Number("sharpening"),
                Iterations = values.Whole("iterations"),
            },
            context,
            cancellationToken),
        GraphFilterModel.Load);
}
