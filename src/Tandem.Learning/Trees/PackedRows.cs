using Tandem.Faults;
using Tandem.Numerics;
using Tandem.Numerics.Trees;

namespace Tandem.Learning.Trees;

/// <summary>The gradients of all rows, rounded and packed.</summary>
internal sealed class PackedRows(int count)
{
    /// <summary>Greatest whole number that a derivative becomes, where rows are few enough for their sum to fit.</summary>
    private const int Greatest = 1 << 20;

    private readonly RowChunks _chunks = new(count);
    private readonly float[] _first = new float[RowChunks.CountOf(count)];
    private readonly float[] _second = new float[RowChunks.CountOf(count)];
    private readonly long[] _packed = LargeArray.Zeros<long>(count);

    /// <summary>What a first derivative of 1 became.</summary>
    public double FirstScale { get; private set; } = 1;

    /// <summary>What a second derivative of 1 became.</summary>
    public double SecondScale { get; private set; } = 1;

    /// <summary>Packs what objective and weights gave for a tree.</summary>
    /// <exception cref="TandemException">LRN042: a gradient is not finite.</exception>
    public void Pack(float[] first, float[] second, int draw, WorkerTeam team)
    {
        _chunks.Run(team, (chunk, start, end) =>
        {
            _first[chunk] = GradientPacking.Greatest(first.AsSpan(start, end - start));
            _second[chunk] = GradientPacking.Greatest(second.AsSpan(start, end - start));
        });
        float greatestFirst = GradientPacking.Greatest(_first);
        float greatestSecond = GradientPacking.Greatest(_second);
        if (!float.IsFinite(greatestFirst) || !float.IsFinite(greatestSecond))
        {
            throw new TandemException(LearningErrors.GradientsRanAway());
        }

        int most = Math.Min(Greatest, int.MaxValue / count);
        FirstScale = ScaleOf(most, greatestFirst);
        SecondScale = ScaleOf(most, greatestSecond);
        _chunks.Run(team, (_, start, end) => GradientPacking.Pack(
            first.AsSpan(start, end - start), second.AsSpan(start, end - start), (float)FirstScale, (float)SecondScale,
            most, start, draw, _packed.AsSpan(start, end - start)));
    }

    /// <summary>Sums some rows by the bins of a block.</summary>
    public void Add(BinnedRows data, int block, ReadOnlySpan<int> rows, Span<long> sums) => GradientHistogram.Add(
        data.Blocks[block], data.StrideOf(block), data.WidthOf(block), rows, _packed, sums);

    // A factor beyond float32 would spread NaN; derivatives so small teach nothing.
    private static double ScaleOf(int most, double greatest) => greatest > 1e-30 ? most / greatest : 1;
}
