namespace Tandem.Numerics;

/// <summary>Work space of <see cref="RowScan.ScanMany"/>. Not thread safe.</summary>
/// <param name="columnCount">Columns of the rows that are scanned.</param>
public sealed class RowScanScratch(int columnCount)
{
    internal ColumnStrips Strips { get; } = new(RowScan.QueriesAtOnce, columnCount);

    internal float[] Tile { get; } = new float[ColumnStrips.TileRows * ColumnStrips.Width];

    internal float[] Tail { get; } = new float[ColumnStrips.TileRows * columnCount];
}
