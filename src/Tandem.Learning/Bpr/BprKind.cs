using Tandem.Learning.Catalogue;

namespace Tandem.Learning.Bpr;

/// <summary>The catalogue entry of Bayesian personalised ranking.</summary>
internal static class BprKind
{
    private static readonly BprOptions Defaults = new();

    public static ModelKind Kind { get; } = KindDefinition.Create(
        BprModel.KindName,
        "Matrix factorisation that learns to put what was chosen before what was not; by stochastic descent.",
        needsTimes: false,
        [
            new("factors", Defaults.Factors, 1, 1024, IsWhole: true, "Length of the factors."),
            new("learning_rate", Defaults.LearningRate, 1e-6, 10, IsWhole: false,
                "Step of the descent in the first epoch; it falls to zero in a straight line."),
            new("regularisation", Defaults.Regularisation, 0, 100, IsWhole: false,
                "Pull of the factors of a pair to zero."),
            new("epochs", Defaults.Epochs, 1, 10_000, IsWhole: true, "Passes over the rows."),
        ],
        (values, rows, context, cancellationToken) => BprTrainer.Fit(
            rows,
            new BprOptions
            {
                Factors = values.Whole("factors"),
                LearningRate = values.Number("learning_rate"),
                Regularisation = values.Number("regularisation"),
                Epochs = values.Whole("epochs"),
            },
            context,
            cancellationToken),
        BprModel.Load).GoingOn(static (model, values) =>
            model is BprModel earlier && earlier.FactorCount == values.Whole("factors"));
}
