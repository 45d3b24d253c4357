namespace Tandem.Learning;

/// <summary>How much a model leans on one feature.</summary>
/// <param name="Name">Name of the feature.</param>
/// <param name="Permutation">How much worse the first metric of the target (<see cref="RowEvaluation.MetricsOf"/>: log-loss of
/// chances) gets when the feature's values are shuffled among the rows; near or below 0 it is of no use here.</param>
/// <param name="Weight">For linear models: standard deviation of what the feature adds to the log-odds; otherwise
/// null.</param>
public sealed record FeatureImportance(string Name, double Permutation, double? Weight)
{
    /// <summary>Mean of |what the feature adds to a row's score|, of several scores summed: mean |SHAP| of trees; null for kinds
    /// that do not explain.</summary>
    public double? Contribution { get; init; }
}
