namespace Tandem.Lake;

/// <summary>The only values of a text column that matter to a query, each with its number.</summary>
/// <param name="Column">The column, mostly an entity.</param>
/// <param name="Values">Its values, each once; a value's number is its place.</param>
public sealed record LakeKeys(string Column, IReadOnlyList<string> Values);
