using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>Something that a computed feature reads: a feature, another computed one, a value of the request, or the
/// moment.</summary>
/// <param name="Name">Its name in expressions.</param>
/// <param name="Type">What its values are.</param>
internal sealed record ComputeInput(string Name, ExpressionType Type)
{
    /// <summary>The view of a feature that is kept; a column of a table has a view of its own.</summary>
    public FeatureView? View { get; init; }

    /// <summary>The feature of <see cref="View"/>.</summary>
    public FeatureDefinition? Feature { get; init; }

    /// <summary>A feature that is computed itself.</summary>
    public ComputedFeature? Computed { get; init; }

    /// <summary>Column of the impression that holds a value of the request.</summary>
    public string? Column { get; init; }

    /// <summary>What can change its values.</summary>
    public string Hash => Computed?.Hash ?? (View is null ? $"{Name} {Type}" : $"{View.Version} {Feature!.Name}");
}
