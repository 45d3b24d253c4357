namespace Tandem.Numerics;

/// <summary>Work space of <see cref="RowScan.ScanMany"/>. Not thread safe.</summary>
/// <param name="columnCount">Columns of the rows that are scanned.</param>
public sealed class RowScanScratch(int columnCount)
{
    /// <summary>Rows that are scored before the best of them are looked for: their scores stay in the first
    /// cache.</summary>
    internal const int Rows = 8 * ProductTile.Rows;

    internal float[] Packed { get; } = new float[PackedProduct.LengthOf(columnCount, RowScan.QueriesAtOnce)];

    internal float[] Tile { get; } = new float[Rows * RowScan.QueriesAtOnce];
}
