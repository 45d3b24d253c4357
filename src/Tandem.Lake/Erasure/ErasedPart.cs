namespace Tandem.Lake.Erasure;

/// <summary>A part that held a person's rows.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Successor">What took its place; null where no row was left, or nothing was written.</param>
internal sealed record ErasedPart(long Rows, LakePart? Successor);
