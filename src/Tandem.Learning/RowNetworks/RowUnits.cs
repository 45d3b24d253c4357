using Tandem.Numerics;

namespace Tandem.Learning.RowNetworks;

/// <summary>What a batch is made of: rows, or whole groups where rows stand in groups; some of them held out to say when to
/// stop.</summary>
internal sealed class RowUnits
{
    // Below so many rows a held-out loss says little.
    private const int LeastHeldOut = 20;

    private readonly int[] _starts;

    /// <param name="rows">The rows.</param>
    /// <param name="heldOutShare">Share of the units to hold out.</param>
    /// <param name="seed">Of the draw.</param>
    public RowUnits(LabelledRows rows, double heldOutShare, ulong seed)
    {
        List<int> starts = [0];
        for (int row = 1; row <= rows.Count; row++)
        {
            if (row == rows.Count || rows.Groups.Length == 0 || rows.Groups[row] != rows.Groups[row - 1])
            {
                LongestUnit = Math.Max(LongestUnit, row - starts[^1]);
                starts.Add(row);
            }
        }

        _starts = [.. starts];
        int[] units = [.. Enumerable.Range(0, starts.Count - 1)];
        SeededRandom random = new(seed, stream: 0x4E1D);
        random.Shuffle(units);
        int heldOut = (int)(heldOutShare * units.Length);
        if (units[..heldOut].Sum(CountOf) < LeastHeldOut)
        {
            heldOut = 0;
        }

        HeldOut = units[..heldOut];
        Learned = units[heldOut..];
        Array.Sort(Learned);
    }

    /// <summary>Rows of the longest unit.</summary>
    public int LongestUnit { get; }

    /// <summary>Units to learn from, rising.</summary>
    public int[] Learned { get; }

    /// <summary>Units that say when to stop.</summary>
    public int[] HeldOut { get; }

    /// <summary>First row of a unit.</summary>
    public int FirstOf(int unit) => _starts[unit];

    /// <summary>Rows of a unit.</summary>
    public int CountOf(int unit) => _starts[unit + 1] - _starts[unit];
}
