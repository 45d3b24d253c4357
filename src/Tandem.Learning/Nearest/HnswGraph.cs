using System.Runtime.InteropServices;
using Tandem.Numerics.Codes;
using Tandem.Numerics.Native;

namespace Tandem.Learning.Nearest;

/// <summary>Vectors as codes, and who is whose neighbour on which layer; with room for more where it was opened for
/// changes.</summary>
/// <remarks>Lists of neighbours have a fixed room, headed by how many there are: 2·degree on layer 0, where all vectors are,
/// and degree above. Who reads while they are written meets old neighbours and new ones, all of them vectors that are
/// there.</remarks>
internal sealed class HnswGraph
{
    private readonly ReadOnlyMemory<byte> _links;
    private readonly ReadOnlyMemory<byte> _upper;
    private readonly int[] _upperStarts;
    private readonly int _stride;

    public HnswGraph(
        int dimension, int degree, ReadOnlyMemory<byte> rows, ReadOnlyMemory<byte> scales, ReadOnlyMemory<byte> links,
        ReadOnlyMemory<byte> levels, ReadOnlyMemory<byte> upper, int? count = null)
    {
        Dimension = dimension;
        Degree = degree;
        RowBytes = rows;
        ScaleBytes = scales;
        _links = links;
        Levels = levels;
        _upper = upper;
        Count = count ?? Capacity;
        _stride = CodeRows.StrideOf(dimension);
        _upperStarts = UpperStarts(levels.Span[..Count], levels.Length, degree);
    }

    public int Dimension { get; }

    public int Degree { get; }

    /// <summary>Vectors there are.</summary>
    public int Count { get; private set; }

    /// <summary>Vectors there is room for.</summary>
    public int Capacity => ScaleBytes.Length / sizeof(float);

    public ReadOnlyMemory<byte> RowBytes { get; }

    public ReadOnlyMemory<byte> ScaleBytes { get; }

    /// <summary>Highest layer of each vector.</summary>
    public ReadOnlyMemory<byte> Levels { get; }

    public ReadOnlyMemory<byte> LinkBytes => _links;

    public ReadOnlyMemory<byte> UpperBytes => _upper;

    public ReadOnlySpan<byte> Rows => RowBytes.Span;

    public ReadOnlySpan<float> Scales => MemoryMarshal.Cast<byte, float>(ScaleBytes.Span);

    /// <summary>Ints of all lists above layer 0.</summary>
    public static int UpperLength(ReadOnlySpan<byte> levels, int degree) =>
        UpperStarts(levels, levels.Length, degree)[^1];

    public ReadOnlySpan<byte> Row(int id) => Rows.Slice(id * _stride, _stride);

    /// <summary>A list with its head: how many there are, then who.</summary>
    public ReadOnlySpan<int> Links(int id, int layer)
    {
        (int start, int length) = PlaceOf(id, layer);
        return MemoryMarshal.Cast<byte, int>((layer == 0 ? _links : _upper).Span).Slice(start, length);
    }

    /// <summary>Asks for a list before it is read.</summary>
    public void Fetch(int id, int layer) => Prefetch.Lines(MemoryMarshal.AsBytes(Links(id, layer)));

    /// <summary>Where a list lies among those of its layer, or of all upper layers.</summary>
    public (int Start, int Length) PlaceOf(int id, int layer) => layer == 0
        ? (id * ((2 * Degree) + 1), (2 * Degree) + 1)
        : (_upperStarts[id] + ((layer - 1) * (Degree + 1)), Degree + 1);

    /// <summary>Whether there is room for one vector more.</summary>
    public bool HasRoom(int level) =>
        Count < Capacity && (_upperStarts[Count] + (level * (Degree + 1L))) * sizeof(int) <= _upper.Length;

    /// <summary>Counts one vector more, which was written behind the others.</summary>
    public void Extend()
    {
        _upperStarts[Count + 1] = _upperStarts[Count] + (Levels.Span[Count] * (Degree + 1));
        Count++;
    }

    /// <summary>Whether every list holds vectors that exist, on layers that they have.</summary>
    public bool IsSound()
    {
        ReadOnlySpan<byte> levels = Levels.Span;
        for (int id = 0; id < Count; id++)
        {
            for (int layer = 0; layer <= levels[id]; layer++)
            {
                ReadOnlySpan<int> links = Links(id, layer);
                if (links[0] < 0 || links[0] >= links.Length)
                {
                    return false;
                }

                foreach (int other in links.Slice(1, links[0]))
                {
                    if ((uint)other >= (uint)Count || levels[other] < layer)
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    private static int[] UpperStarts(ReadOnlySpan<byte> levels, int capacity, int degree)
    {
        int[] starts = new int[capacity + 1];
        for (int id = 0; id < levels.Length; id++)
        {
            starts[id + 1] = checked(starts[id] + (levels[id] * (degree + 1)));
        }

        return starts;
    }
}
