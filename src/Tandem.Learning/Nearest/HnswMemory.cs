using Tandem.Numerics;
using Tandem.Numerics.Codes;

namespace Tandem.Learning.Nearest;

/// <summary>The arrays of a graph while they are written.</summary>
/// <param name="Rows">Codes.</param>
/// <param name="Scales">Scale of each row.</param>
/// <param name="Links">Lists of layer 0.</param>
/// <param name="Levels">Highest layer of each vector.</param>
/// <param name="Upper">Lists of the layers above.</param>
internal readonly record struct HnswMemory(
    Memory<byte> Rows, Memory<byte> Scales, Memory<byte> Links, Memory<byte> Levels, Memory<byte> Upper)
{
    public static HnswMemory Allocate(int dimension, int degree, int capacity, int upperLength) => new(
        AlignedBytes.Allocate((long)capacity * CodeRows.StrideOf(dimension)),
        CodedVectors.Allocate<float>(capacity),
        CodedVectors.Allocate<int>(capacity * ((2L * degree) + 1)),
        AlignedBytes.Allocate(capacity),
        CodedVectors.Allocate<int>(upperLength));

    /// <summary>A graph over these arrays.</summary>
    public HnswGraph Graph(int dimension, int degree, int count) =>
        new(dimension, degree, Rows, Scales, Links, Levels, Upper, count);

    /// <summary>The arrays of a graph, copied to more room.</summary>
    public static HnswMemory Copy(HnswGraph from, int capacity, int upperLength)
    {
        HnswMemory copy = Allocate(from.Dimension, from.Degree, capacity, upperLength);
        from.RowBytes.CopyTo(copy.Rows);
        from.ScaleBytes.CopyTo(copy.Scales);
        from.LinkBytes.CopyTo(copy.Links);
        from.Levels.CopyTo(copy.Levels);
        from.UpperBytes.CopyTo(copy.Upper);
        return copy;
    }
}
