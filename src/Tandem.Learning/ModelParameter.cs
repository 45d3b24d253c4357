namespace Tandem.Learning;

/// <summary>One setting of a model kind, with what tandem.yaml, its schema and the help need to know.</summary>
/// <param name="Name">Name in snake case, such as <c>regularisation</c>.</param>
/// <param name="Default">Value where none is given. Whole numbers are settings without a fraction.</param>
/// <param name="Minimum">Smallest allowed value.</param>
/// <param name="Maximum">Largest allowed value.</param>
/// <param name="IsWhole">True where only whole numbers make sense.</param>
/// <param name="Meaning">What it does, with its unit.</param>
public sealed record ModelParameter(
    string Name, double Default, double Minimum, double Maximum, bool IsWhole, string Meaning);
