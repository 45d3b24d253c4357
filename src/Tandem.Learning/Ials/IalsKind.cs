using Tandem.Learning.Catalogue;

namespace Tandem.Learning.Ials;

/// <summary>The catalogue entry of implicit alternating least squares.</summary>
internal static class IalsKind
{
    private static readonly IalsOptions Defaults = new();

    public static ModelKind Kind { get; } = KindDefinition.Create(
        IalsModel.KindName,
        "Matrix factorisation by implicit alternating least squares: taste in a few numbers a user and item.",
        needsTimes: false,
        [
            new("factors", Defaults.Factors, 1, 1024, IsWhole: true,
                "Length of the factors; multiples of 32 are fastest."),
            new("regularisation", Defaults.Regularisation, 0, 1000, IsWhole: false,
                "Pull of the factors to zero; raise it where training data is matched better than test data."),
            new("regularisation_exponent", Defaults.RegularisationExponent, 0, 1, IsWhole: false,
                "How strongly regularisation grows with the frequency of a user or item."),
            new("unobserved_weight", Defaults.UnobservedWeight, 1e-6, 1000, IsWhole: false,
                "Weight of every pair that was not seen, relative to one that was."),
            new("epochs", Defaults.Epochs, 1, 1000, IsWhole: true, "Passes over users and items."),
            new("conjugate_steps", Defaults.ConjugateSteps, 0, 100, IsWhole: true,
                "Steps of conjugate gradients instead of an exact solution; 0 is exact. Three save time with long factors."),
            new("initial_deviation", Defaults.InitialDeviation, 1e-6, 10, IsWhole: false,
                "Standard deviation of the first item factors, times the root of their length."),
            new("half_life_days", Defaults.HalfLifeDays, 0, 36500, IsWhole: false,
                "Days in which a row's weight halves, where times are known; 0 is never."),
        ],
        (values, rows, context, cancellationToken) => IalsTrainer.Fit(
            rows,
            new IalsOptions
            {
                Factors = values.Whole("factors"),
                Regularisation = values.Number("regularisation"),
                RegularisationExponent = values.Number("regularisation_exponent"),
                UnobservedWeight = values.Number("unobserved_weight"),
                Epochs = values.Whole("epochs"),
                ConjugateSteps = values.Whole("conjugate_steps"),
                InitialDeviation = values.Number("initial_deviation"),
                HalfLifeDays = values.Number("half_life_days"),
            },
            context,
            cancellationToken),
        IalsModel.Load).GoingOn(static (model, values) =>
            model is IalsModel earlier && earlier.FactorCount == values.Whole("factors"));
}
