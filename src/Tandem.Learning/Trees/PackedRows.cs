using Tandem.Faults;
using Tandem.Numerics;
using Tandem.Numerics.Trees;

namespace Tandem.Learning.Trees;

/// <summary>The gradients of all rows, packed: into 32 bits where many rows average the rounding out, else into
/// 64.</summary>
internal sealed class PackedRows(int count)
{
    /// <summary>Rows from which on 32 bits will do.</summary>
    private const int NarrowRows = 1 << 16;

    /// <summary>Least mean square of the first derivatives, relative to the greatest square, for 32 bits: the rounding
    /// then adds at most a twentieth to their own variance.</summary>
    private const double NarrowSpread = 0.005;

    private const int GreatestWide = 1 << 20;

    private readonly RowChunks _chunks = new(count);
    private readonly double[] _squares = new double[RowChunks.CountOf(count)];
    private readonly float[] _first = new float[RowChunks.CountOf(count)];
    private readonly float[] _second = new float[RowChunks.CountOf(count)];
    private int[]? _narrow;
    private long[]? _wide;

    public bool IsNarrow { get; private set; }

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
            _squares[chunk] = GradientPacking.Measure(first.AsSpan(start, end - start), out _first[chunk]);
            _ = GradientPacking.Measure(second.AsSpan(start, end - start), out _second[chunk]);
        });
        double greatestFirst = _first.Max();
        double greatestSecond = _second.Max();
        double square = _squares.Sum() / count;
        if (!double.IsFinite(square) || !double.IsFinite(greatestSecond))
        {
            throw new TandemException(LearningErrors.GradientsRanAway());
        }

        IsNarrow = count >= NarrowRows && square >= NarrowSpread * greatestFirst * greatestFirst;
        int most = Math.Min(GreatestWide, int.MaxValue / count);
        FirstScale = ScaleOf(IsNarrow ? GradientHistogram.NarrowFirst : most, greatestFirst);
        SecondScale = ScaleOf(IsNarrow ? GradientHistogram.NarrowSecond : most, greatestSecond);
        if (IsNarrow)
        {
            int[] narrow = _narrow ??= new int[count];
            _chunks.Run(team, (_, start, end) => GradientPacking.Pack(
                first.AsSpan(start, end - start), second.AsSpan(start, end - start), (float)FirstScale,
                (float)SecondScale, start, draw, narrow.AsSpan(start, end - start)));
        }
        else
        {
            long[] wide = _wide ??= new long[count];
            _chunks.Run(team, (_, start, end) => GradientPacking.Pack(
                first.AsSpan(start, end - start), second.AsSpan(start, end - start), (float)FirstScale,
                (float)SecondScale, most, start, draw, wide.AsSpan(start, end - start)));
        }
    }

    /// <summary>Sums some rows by the bins of a block.</summary>
    public void Add(BinnedRows data, int block, ReadOnlySpan<int> rows, Span<int> carry, Span<long> sums)
    {
        if (IsNarrow)
        {
            GradientHistogram.Add(data.Blocks[block], data.StrideOf(block), data.WidthOf(block), rows, _narrow, carry, sums);
        }
        else
        {
            GradientHistogram.Add(data.Blocks[block], data.StrideOf(block), data.WidthOf(block), rows, _wide, sums);
        }
    }

    // A factor beyond float32 would spread NaN; derivatives so small teach nothing.
    private static double ScaleOf(int most, double greatest) => greatest > 1e-30 ? most / greatest : 1;
}
