using Tandem.Spec;

namespace Tandem.Features;

/// <summary>One feature of a view: an operator over a window.</summary>
public sealed record FeatureDefinition
{
    /// <summary>Its name, unique in its view; <c>name.value</c> where it stands for one value of
    /// <see cref="AggregateSpec.By"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Its operator.</summary>
    public required FeatureOperator Operator { get; init; }

    /// <summary>What tandem.yaml says of it: column, window, and what else the operator takes.</summary>
    public required AggregateSpec Spec { get; init; }

    /// <summary>What its values are where they are not null.</summary>
    public required FeatureKind Kind { get; init; }

    /// <summary>Beside the view's conditions, events must satisfy this one; null for all of them.</summary>
    internal ConditionSpec? Only { get; init; }
}
