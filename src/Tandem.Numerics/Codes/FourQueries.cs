using System.Runtime.Intrinsics;

namespace Tandem.Numerics.Codes;

/// <summary>Four queries whose words lie side by side, as <see cref="CodeBlocks.ScanFour(ReadOnlySpan{byte}, int, int,
/// FourQueries, ReadOnlySpan{BestList}, ReadOnlySpan{ulong})"/> reads them. Reusable; not thread safe.</summary>
public sealed class FourQueries
{
    /// <summary>How many queries.</summary>
    public const int Count = 4;

    private readonly int[] _words;
    private readonly int[] _pairs;
    private readonly CodeQuery _one;

    /// <summary>Makes room for queries.</summary>
    /// <param name="dimension">Length of the vectors, ≥ 1.</param>
    public FourQueries(int dimension)
    {
        _one = new CodeQuery(dimension);
        _words = new int[Count * CodeBlocks.GroupsOf(dimension)];
        _pairs = new int[2 * _words.Length];
    }

    /// <summary>Length of the vectors.</summary>
    public int Dimension => _one.Dimension;

    /// <summary>Words of the four, interleaved.</summary>
    internal ReadOnlySpan<int> Words => _words;

    /// <summary>Bias of each.</summary>
    internal Vector128<int> Bias { get; private set; }

    /// <summary>Magnitudes and masks of the four, interleaved.</summary>
    internal ReadOnlySpan<int> Pairs => _pairs;

    /// <summary>What the masks take, of each.</summary>
    internal Vector128<int> PairBias { get; private set; }

    /// <summary>Takes a query.</summary>
    /// <param name="place">Which of the four, 0 to 3.</param>
    /// <param name="vector">Finite numbers, length <see cref="Dimension"/>.</param>
    public void Set(int place, ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)place, (uint)Count, nameof(place));
        _one.Set(vector);
        for (int group = 0; group < _words.Length / Count; group++)
        {
            int at = (group * Count) + place;
            _words[at] = _one.Words[group];
            _pairs[2 * at] = _one.Pairs[2 * group];
            _pairs[(2 * at) + 1] = _one.Pairs[(2 * group) + 1];
        }

        Bias = Bias.WithElement(place, _one.Bias);
        PairBias = PairBias.WithElement(place, _one.PairBias);
    }
}
