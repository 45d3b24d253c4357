namespace Tandem.Features;

/// <summary>A key of a view's definition that has another value in another training set.</summary>
/// <param name="Key">The key, such as <c>ttl</c> or <c>plays_7d.window</c>.</param>
/// <param name="Before">Its value in the first set, or null where it is not there.</param>
/// <param name="After">Its value in the second, or null.</param>
public sealed record DefinitionChange(string Key, string? Before, string? After);
