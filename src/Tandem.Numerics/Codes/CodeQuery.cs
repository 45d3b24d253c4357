using System.Runtime.InteropServices;

namespace Tandem.Numerics.Codes;

/// <summary>A query as codes, ready to meet blocks or rows of codes. Reusable; not thread safe.</summary>
public sealed class CodeQuery
{
    private readonly int[] _words;
    private readonly int[] _pairs;

    /// <summary>Makes room for queries.</summary>
    /// <param name="dimension">Length of the vectors, ≥ 1.</param>
    public CodeQuery(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Dimension = dimension;
        _words = new int[CodeRows.StrideOf(dimension) / sizeof(int)];
        _pairs = new int[2 * _words.Length];
    }

    /// <summary>Length of the vectors.</summary>
    public int Dimension { get; }

    /// <summary>What one step of a code is worth.</summary>
    public float Scale { get; private set; }

    /// <summary>Four codes a word, as many words as a row of codes has; zeros at the end.</summary>
    internal ReadOnlySpan<int> Words => _words;

    /// <summary>What the offset of the blocks' codes adds to products with <see cref="Words"/>, taken off again: −128 times
    /// the sum of the codes.</summary>
    internal int Bias { get; private set; }

    /// <summary>For processors that multiply bytes without signs with bytes that have one: magnitudes and masks, one word of
    /// each in turn. A block's code under the mask is x where the query's code is positive, and −x − 1 where it is
    /// negative.</summary>
    internal ReadOnlySpan<int> Pairs => _pairs;

    /// <summary>What the masks take from products with <see cref="Pairs"/>, given back: the magnitudes of negative
    /// codes.</summary>
    internal int PairBias { get; private set; }

    /// <summary>Takes a query.</summary>
    /// <param name="vector">Finite numbers, length <see cref="Dimension"/>.</param>
    public void Set(ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Dimension, nameof(vector));
        Span<sbyte> codes = MemoryMarshal.Cast<int, sbyte>(_words.AsSpan());
        Scale = ByteCodes.Quantise(vector, codes);
        Bias = 0;
        PairBias = 0;
        Span<byte> pairs = MemoryMarshal.AsBytes(_pairs.AsSpan());
        for (int i = 0; i < codes.Length; i++)
        {
            sbyte code = codes[i];
            int at = (8 * (i / 4)) + (i % 4);
            Bias -= 128 * code;
            PairBias -= Math.Min(code, (sbyte)0);
            pairs[at] = (byte)Math.Abs(code);
            pairs[at + 4] = (byte)(code < 0 ? 0x7F : 0x80);
        }
    }

    /// <summary>Takes a row of codes as the query, for <see cref="CodeRows"/> alone.</summary>
    /// <param name="codes">Codes, as long as a row.</param>
    /// <param name="scale">What one step is worth.</param>
    public void Set(ReadOnlySpan<byte> codes, float scale)
    {
        codes.CopyTo(MemoryMarshal.AsBytes(_words.AsSpan()));
        Scale = scale;
    }
}
