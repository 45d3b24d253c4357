namespace Tandem.Lake.Erasure;

/// <summary>A part that held a person's rows.</summary>
/// <param name="Positions">Log positions of the rows.</param>
/// <param name="Successor">What took its place; null where no row was left, or nothing was written.</param>
internal sealed record ErasedPart(IReadOnlyCollection<long> Positions, LakePart? Successor)
{
    /// <summary>How many rows.</summary>
    public long Rows => Positions.Count;
}
