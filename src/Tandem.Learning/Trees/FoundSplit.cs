namespace Tandem.Learning.Trees;

/// <summary>A way to part the rows of a leaf.</summary>
/// <param name="Gain">How far it lowers the loss.</param>
/// <param name="Column">Index of the column in the binned rows.</param>
/// <param name="Bin">Last bin that goes left, for numbers.</param>
/// <param name="SendsMissingLeft">Where missing values go.</param>
/// <param name="Set">Bins that go left, for categories; else null.</param>
/// <param name="Left">Packed sum of the gradients on the left.</param>
/// <param name="LeftValue">What the left would give.</param>
/// <param name="RightValue">What the right would give.</param>
internal sealed record FoundSplit(
    double Gain, int Column, int Bin, bool SendsMissingLeft, bool[]? Set, long Left, double LeftValue, double RightValue)
{
    public bool GoesLeft(ColumnBins bins, int bin) =>
        Set is not null ? Set[bin] : bin == bins.ValueBins ? SendsMissingLeft : bin <= Bin;
}
