using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>A feature that is computed when it is read.</summary>
/// <param name="Name">Its name, <c>view:feature</c>.</param>
/// <param name="Expression">What computes it.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Inputs">What it reads, by name.</param>
/// <param name="Hash">Hash of everything that can change a value.</param>
internal sealed record ComputedFeature(
    string Name, Expression Expression, ExpressionType Type, IReadOnlyList<ComputeInput> Inputs, string Hash)
{
    /// <summary>The features and columns of tables that it reads, over others that are computed or directly.</summary>
    public IEnumerable<ComputeInput> Leaves => Inputs
        .SelectMany(static input => input.Computed?.Leaves ?? (input.View is null ? [] : [input]))
        .DistinctBy(static input => input.Name, StringComparer.Ordinal);

    /// <summary>The entities that must be known for a value.</summary>
    public IReadOnlyList<string> Entities => [.. Leaves
        .SelectMany(static leaf => leaf.View!.Pair?.Entities ?? [leaf.View.Entity]).Distinct(StringComparer.Ordinal)];

    /// <summary>The values of the request that it reads.</summary>
    public IEnumerable<ComputeInput> Requests => Inputs
        .SelectMany(static input => input.Computed?.Requests ?? (input.Column is null ? [] : [input]))
        .DistinctBy(static input => input.Name, StringComparer.Ordinal);
}
