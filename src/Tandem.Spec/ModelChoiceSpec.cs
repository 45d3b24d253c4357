namespace Tandem.Spec;

/// <summary>A kind of model and its settings.</summary>
public sealed record ModelChoiceSpec
{
    /// <summary>Name in the model catalogue.</summary>
    public string Kind { get; init; } = "ials";

    /// <summary>Word of <see cref="Directions"/>: the score never falls where the feature rises.</summary>
    public const string Rising = "rising";

    /// <summary>Word of <see cref="Directions"/>: the score never rises where the feature rises.</summary>
    public const string Falling = "falling";

    /// <summary>Settings by name; missing ones take the default of the kind.</summary>
    public IReadOnlyDictionary<string, double> Parameters { get; init; } =
        new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>What a search may try, by setting; empty where all are fixed.</summary>
    public IReadOnlyDictionary<string, ParameterRange> Ranges { get; init; } =
        new Dictionary<string, ParameterRange>(StringComparer.Ordinal);

    /// <summary>By the name of a numeric feature, <see cref="Rising"/> or <see cref="Falling"/>; empty where scores are
    /// free.</summary>
    public IReadOnlyDictionary<string, string> Directions { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}
