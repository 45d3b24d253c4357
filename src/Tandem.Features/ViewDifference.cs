namespace Tandem.Features;

/// <summary>A view that means different things in two training sets.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Before">Its version in the first, or null where it has none.</param>
/// <param name="After">Its version in the second, or null.</param>
/// <param name="Changes">What its definition says otherwise, key by key; null where a set does not keep
/// definitions, or one of them lacks the view.</param>
public sealed record ViewDifference(
    string Name, string? Before, string? After, IReadOnlyList<DefinitionChange>? Changes = null);
