using System.Globalization;
using Tandem.Features.Evaluation;
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

    /// <summary>What computes it when it is read, or null where it is kept.</summary>
    public Expression? Expression => Computed?.Expression;

    /// <summary>Where it is computed: the entities of everything that it is computed from; otherwise empty.</summary>
    public IReadOnlyList<string> Entities => Computed?.Entities ?? [];

    /// <summary>Where it is computed: names of what it reads, as its expression gives them.</summary>
    public IReadOnlyList<string> Reads => Expression?.Names ?? [];

    /// <summary>How it is computed when it is read, or null where it is kept.</summary>
    internal ComputedFeature? Computed { get; init; }

    /// <summary>Beside the view's conditions, events must satisfy this one; null for all of them.</summary>
    internal ConditionSpec? Only { get; init; }

    /// <summary>What it computes, in the words of tandem.yaml: <c>mean watch_fraction over 7d</c>.</summary>
    public override string ToString()
    {
        if (Expression is not null)
        {
            return Expression.ToString();
        }

        List<string> words = [Operator.Name];
        words.AddRange(new[] { Spec.Column, Spec.Per is { } per ? $"per {per}" : null }.OfType<string>());
        words.AddRange(Operator.Takes.Select(Said).OfType<string>());
        words.AddRange(Spec.Window is { } window ? ["over", DurationText.Write(window)] : []);
        words.AddRange(Only is { } only ? ["where", only.ToString()] : []);
        return string.Join(' ', words);
    }

    private string? Said(string key) => key switch
    {
        "k" => string.Create(CultureInfo.InvariantCulture, $"{Spec.K}"),
        "weight" when Spec.Weight is { } weight => $"weighed by {weight}",
        "quantile" => string.Create(CultureInfo.InvariantCulture, $"{Spec.Quantile ?? FeaturePlan.Median}"),
        "half_life" => $"half-life {DurationText.Write(Spec.HalfLife!.Value)}",
        "strength" when Spec.Strength > 0 =>
            string.Create(CultureInfo.InvariantCulture, $"prior {Spec.Prior} worth {Spec.Strength}"),
        _ => null,
    };
}
