using System.Diagnostics;

namespace Tandem.Monitoring.Concept;

/// <summary>An exponential histogram: row r holds buckets of 2ʳ values each, oldest first; when a row has one bucket
/// too many, its two oldest become one of the next row.</summary>
internal sealed class BucketRows
{
    /// <summary>Rows that are ever needed: 2⁶² values.</summary>
    public const int MaxRows = 62;

    private readonly int _maxBuckets;
    private readonly int[] _counts = new int[MaxRows];
    private readonly double[] _totals;
    private readonly double[] _spreads;

    public BucketRows(int maxBuckets)
    {
        _maxBuckets = maxBuckets;
        _totals = new double[MaxRows * (maxBuckets + 1)];
        _spreads = new double[MaxRows * (maxBuckets + 1)];
    }

    /// <summary>Rows in use.</summary>
    public int Count { get; private set; }

    /// <summary>Values in each bucket of a row.</summary>
    public static double Size(int row) => 1L << row;

    public int BucketCount(int row) => _counts[row];

    public double Total(int row, int bucket) => _totals[At(row, bucket)];

    /// <summary>Sum of squared distances from the bucket's mean.</summary>
    public double Spread(int row, int bucket) => _spreads[At(row, bucket)];

    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
    }

    public void Append(int row, double total, double spread)
    {
        int at = At(row, _counts[row]);
        _totals[at] = total;
        _spreads[at] = spread;
        _counts[row]++;
        Count = Math.Max(Count, row + 1);
    }

    public void RemoveOldest(int row, int buckets)
    {
        Debug.Assert(_counts[row] >= buckets, "A row gives only what it has.");
        int start = At(row, 0);
        int kept = _counts[row] - buckets;
        Array.Copy(_totals, start + buckets, _totals, start, kept);
        Array.Copy(_spreads, start + buckets, _spreads, start, kept);
        _counts[row] = kept;
        while (Count > 0 && _counts[Count - 1] == 0)
        {
            Count--;
        }
    }

    /// <summary>Joins pairs of buckets until no row has too many.</summary>
    public void Compress()
    {
        for (int row = 0; _counts[row] > _maxBuckets; row++)
        {
            double size = Size(row);
            double apart = (Total(row, 0) - Total(row, 1)) / size;
            double total = Total(row, 0) + Total(row, 1);
            double spread = Spread(row, 0) + Spread(row, 1) + (size * apart * apart / 2);
            Append(row + 1, total, spread);
            RemoveOldest(row, 2);
        }
    }

    private int At(int row, int bucket) => (row * (_maxBuckets + 1)) + bucket;
}
