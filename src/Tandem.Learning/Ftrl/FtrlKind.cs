using Tandem.Learning.Catalogue;
using Tandem.Learning.Inputs;

namespace Tandem.Learning.Ftrl;

/// <summary>The catalogue entry.</summary>
internal static class FtrlKind
{
    private static readonly FtrlOptions Defaults = new();

    public static RowModelKind Kind { get; } = RowKindDefinition.Create(
        FtrlModel.KindName,
        "Logistic regression on hashed features that learns from one row after another (FTRL-proximal), with crosses of pairs.",
        [
            new("bits", Defaults.Bits, FtrlOptions.LeastBits, FtrlOptions.MostBits, IsWhole: true,
                "Bits of a slot's number: features are hashed into two to the power of it."),
            new("learning_rate", Defaults.LearningRate, 1e-6, 100, IsWhole: false, "Step of the first examples."),
            new("beta", Defaults.Beta, 1e-6, 1000, IsWhole: false, "How little the first examples move a weight."),
            new("sparsity", Defaults.Sparsity, 0, 1e6, IsWhole: false,
                "Pull of each weight to exactly zero; more keeps fewer."),
            new("regularisation", Defaults.Regularisation, 0, 1e6, IsWhole: false, "Pull of each weight towards zero."),
            new("crosses", 0, 0, 1, IsWhole: true, "1 to cross every two features: each pair of their values has a weight."),
            new("epochs", Defaults.Epochs, 1, 10_000, IsWhole: true, "Passes over the rows."),
        ],
        (values, rows, context, cancellationToken) =>
        {
            var inputs = RowInputs.Of(rows);
            FtrlOptions options = new()
            {
                Bits = values.Whole("bits"),
                LearningRate = values.Number("learning_rate"),
                Beta = values.Number("beta"),
                Sparsity = values.Number("sparsity"),
                Regularisation = values.Number("regularisation"),
                Crosses = values.Whole("crosses") == 1 ? FtrlOptions.AllPairs(inputs.FieldCount) : [],
                Epochs = values.Whole("epochs"),
                FocalGamma = context.FocalGamma,
            };
            return FtrlTrainer.Fit(rows, inputs, options, context, cancellationToken);
        },
        FtrlModel.Load,
        takesMissing: true,
        takesFocalLoss: true);
}
