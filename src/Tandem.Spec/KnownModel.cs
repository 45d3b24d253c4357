namespace Tandem.Spec;

/// <summary>A kind of model that a design may name.</summary>
/// <param name="Name">Name in tandem.yaml, such as <c>ials</c>.</param>
/// <param name="Summary">One line of help.</param>
/// <param name="Parameters">Its settings, written beside <c>kind</c>.</param>
/// <param name="NeedsTimes">True where rows without times cannot be used.</param>
/// <param name="ReadsFeatures">True where it scores rows of features, as <c>rank</c> and <c>predict</c> do; false where it
/// scores items by who chose what.</param>
/// <param name="TakesDirections">True where a score can be made to rise, or to fall, with a feature.</param>
public sealed record KnownModel(
    string Name, string Summary, IReadOnlyList<KnownParameter> Parameters, bool NeedsTimes = false,
    bool ReadsFeatures = false, bool TakesDirections = false);
