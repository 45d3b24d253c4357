using Tandem.Learning;
using Tandem.Numerics;

namespace Tandem.Bench.Ftrl;

/// <summary>Made-up impressions of advertisements in the shape of a public set: 13 counts in buckets and 26 categories, from a
/// handful of values to a million, a few of which are most of what is seen.</summary>
internal sealed class ClickExamples
{
    /// <summary>Slots of an example: 39 features and the bias.</summary>
    public const int Width = Features + 1;

    private const int Features = 39;

    private static readonly int[] Cardinalities =
    [
        .. Enumerable.Repeat(50, 13),
        1_400, 550, 1_000_000, 600_000, 300, 20, 12_000, 630, 3, 60_000, 5_000, 1_000_000, 3_100,
        27, 11_000, 1_000_000, 10, 4_800, 2_000, 4, 1_000_000, 17, 15, 150_000, 90, 90_000,
    ];

    // The first column of each feature.
    private static readonly int[] Firsts =
    [
        .. Enumerable.Range(0, Features).Select(static feature => Cardinalities.Take(feature).Sum()),
    ];

    private readonly int[] _columns;

    public ClickExamples(int count)
    {
        _columns = new int[count * Features];
        Labels = new float[count];
        SeededRandom random = new(seed: 7);
        for (int example = 0; example < count; example++)
        {
            double logOdds = -1.5;
            for (int feature = 0; feature < Features; feature++)
            {
                // A power law: half of what is seen are the most frequent values.
                double drawn = Math.Pow(Cardinalities[feature], random.NextDouble()) - 1;
                int column = Firsts[feature] + (int)drawn;
                _columns[(example * Features) + feature] = column;

                // A weight of the value's own, of deviation 0.25.
                SeededRandom own = new(seed: 11, (ulong)column);
                logOdds += 0.25 * own.NextGaussian();
            }

            Labels[example] = random.NextDouble() < 1 / (1 + Math.Exp(-logOdds)) ? 1 : 0;
        }
    }

    public float[] Labels { get; }

    /// <summary>The slots of all examples, 40 each; the last is the bias.</summary>
    public int[] Hash(int bits)
    {
        int[] slots = new int[Labels.Length * Width];
        for (int example = 0; example < Labels.Length; example++)
        {
            for (int feature = 0; feature < Features; feature++)
            {
                ulong mixed = (ulong)_columns[(example * Features) + feature] * 0x9E3779B97F4A7C15;
                slots[(example * Width) + feature] = (int)(((mixed >> 32) ^ mixed) * 0xD6E8FEB86659FD93 >> (64 - bits));
            }

            slots[(example * Width) + Features] = 1 << bits;
        }

        return slots;
    }

    public LabelledRows ToRows() => new()
    {
        DenseCount = 0,
        SparseCount = Cardinalities.Sum(),
        Dense = [],
        Starts = [.. Enumerable.Range(0, Labels.Length + 1).Select(static row => row * Features)],
        Columns = _columns,
        Values = [.. Enumerable.Repeat(1f, _columns.Length)],
        Labels = Labels,
    };
}
