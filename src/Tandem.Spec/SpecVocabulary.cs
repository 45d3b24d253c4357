namespace Tandem.Spec;

/// <summary>The words that running code gives a design: model kinds, feature operators and metrics. Handed to
/// <see cref="SpecFile.Parse(string, string, SpecVocabulary)"/>, so that validation, schema and help name exactly what
/// this build can run.</summary>
public sealed record SpecVocabulary
{
    /// <summary>Model kinds, as <c>retrieve: ials</c> names them.</summary>
    public required IReadOnlyList<KnownModel> Models { get; init; }

    /// <summary>Methods for rare positives, as <c>imbalance: smote</c> names them, each with its settings as a model kind
    /// has.</summary>
    public IReadOnlyList<KnownModel> Imbalance { get; init; } = [];

    /// <summary>Feature operators, as <c>count over 7d</c> names them.</summary>
    public required IReadOnlyList<KnownOperator> Operators { get; init; }

    /// <summary>Metrics, as <c>recall@20</c> names them.</summary>
    public required IReadOnlyList<KnownMetric> Metrics { get; init; }
}
