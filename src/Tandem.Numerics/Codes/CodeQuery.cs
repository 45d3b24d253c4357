using System.Runtime.InteropServices;

namespace Tandem.Numerics.Codes;

/// <summary>A query as codes, ready to meet blocks or rows of codes. Reusable; not thread safe.</summary>
public sealed class CodeQuery
{
    private readonly int[] _words;

    /// <summary>Makes room for queries.</summary>
    /// <param name="dimension">Length of the vectors, ≥ 1.</param>
    public CodeQuery(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Dimension = dimension;
        _words = new int[CodeRows.StrideOf(dimension) / sizeof(int)];
    }

    /// <summary>Length of the vectors.</summary>
    public int Dimension { get; }

    /// <summary>What one step of a code is worth.</summary>
    public float Scale { get; private set; }

    /// <summary>Four codes a word, as many words as a row of codes has; zeros at the end.</summary>
    internal ReadOnlySpan<int> Words => _words;

    /// <summary>−128 times the sum of the codes: what the offset of the blocks' codes adds, taken off again.</summary>
    internal int Bias { get; private set; }

    /// <summary>Takes a query.</summary>
    /// <param name="vector">Finite numbers, length <see cref="Dimension"/>.</param>
    public void Set(ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Dimension, nameof(vector));
        Span<sbyte> codes = MemoryMarshal.Cast<int, sbyte>(_words.AsSpan());
        Scale = ByteCodes.Quantise(vector, codes);
        Bias = 0;
        foreach (sbyte code in codes)
        {
            Bias -= code;
        }

        Bias *= 128;
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
