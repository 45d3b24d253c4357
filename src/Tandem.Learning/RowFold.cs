namespace Tandem.Learning;

/// <summary>Rows that a model sees and rows that judge it; no row is both.</summary>
/// <param name="Train">Indices of the rows that it sees, rising.</param>
/// <param name="Test">Indices of the rows that judge it, rising.</param>
public sealed record RowFold(int[] Train, int[] Test);
