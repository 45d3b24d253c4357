using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>Each row of a sequence looks back: per head, y = softmax(q·kᵀ / √width)·v over the row itself and those before
/// it, with q, k and v linear in the rows; then a linear layer over all heads.</summary>
/// <remarks>Sequences lie one after another without padding, as <see cref="LayerPass.Starts"/> says. O(rows·width² +
/// Σ length²·width). Paper: Vaswani et al., <em>Attention Is All You Need</em>, 2017.</remarks>
internal sealed class SelfAttention : ILayer
{
    private readonly Linear _projection;
    private readonly Linear _merge;
    private readonly RowBuffer _mixed;
    private readonly RowBuffer _projectedGradient;
    private readonly int _headCount;
    private readonly int _headWidth;
    private readonly int _width;
    private float[] _shares = [];
    private float[] _shareGradients = [];
    private float[] _zeros = [];
    private RowBuffer? _projected;

    public SelfAttention(ParameterLayout layout, string name, int width, int headCount)
    {
        if (headCount < 1 || width % headCount != 0)
        {
            throw new ArgumentException($"A width of {width} cannot be divided among {headCount} heads.", nameof(headCount));
        }

        _projection = new Linear(layout, name + ".projection", width, 3 * width);
        _merge = new Linear(layout, name + ".merge", width, width);
        _mixed = new RowBuffer(width);
        _projectedGradient = new RowBuffer(3 * width);
        _headCount = headCount;
        _headWidth = width / headCount;
        _width = width;
    }

    /// <inheritdoc/>
    public int InputWidth => _width;

    /// <inheritdoc/>
    public int OutputWidth => _width;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        _projected = _projection.Forward(input, pass);
        _mixed.Resize(input.Count);
        Reserve(pass);
        int at = 0;
        for (int sequence = 0; sequence < pass.SequenceCount; sequence++)
        {
            int start = pass.Starts[sequence];
            int length = pass.Starts[sequence + 1] - start;
            for (int head = 0; head < _headCount; head++)
            {
                Span<float> shares = _shares.AsSpan(at, length * length);
                MatrixProduct.Multiply(Part(start, length, head, 0), Part(start, length, head, 1).Transposed, shares);
                for (int row = 0; row < length; row++)
                {
                    Span<float> line = shares.Slice(row * length, length);
                    _ = Kernel.Softmax(1 / MathF.Sqrt(_headWidth), _zeros.AsSpan(0, row + 1), line[..(row + 1)]);
                    line[(row + 1)..].Clear();
                }

                MatrixProduct.Multiply(
                    new MatrixView(shares, length, length), Part(start, length, head, 2),
                    _mixed.Values[((start * _width) + (head * _headWidth))..], _width);
                at += length * length;
            }
        }

        return _merge.Forward(_mixed, pass);
    }

    /// <inheritdoc/>
    /// <remarks>With P the shares: dv = Pᵀ·dy, dP = dy·vᵀ, ds = P ∘ (dP − rowsum(P ∘ dP)) / √width, dq = ds·k, dk =
    /// dsᵀ·q.</remarks>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        RowBuffer mixedGradient = _merge.Backward(gradient, pass);
        _projectedGradient.Resize(gradient.Count);
        int at = 0;
        for (int sequence = 0; sequence < pass.SequenceCount; sequence++)
        {
            int start = pass.Starts[sequence];
            int length = pass.Starts[sequence + 1] - start;
            for (int head = 0; head < _headCount; head++)
            {
                MatrixView shares = new(_shares.AsSpan(at, length * length), length, length);
                MatrixView outer = new(
                    mixedGradient.Values[((start * _width) + (head * _headWidth))..], length, _headWidth, _width);
                MatrixProduct.Multiply(shares.Transposed, outer, GradientOf(start, head, 2), 3 * _width);

                Span<float> slopes = _shareGradients.AsSpan(0, length * length);
                MatrixProduct.Multiply(outer, Part(start, length, head, 2).Transposed, slopes);
                DifferentiateShares(_shares.AsSpan(at, length * length), slopes, length);
                MatrixView scores = new(slopes, length, length);
                MatrixProduct.Multiply(scores, Part(start, length, head, 1), GradientOf(start, head, 0), 3 * _width);
                MatrixProduct.Multiply(
                    scores.Transposed, Part(start, length, head, 0), GradientOf(start, head, 1), 3 * _width);
                at += length * length;
            }
        }

        return _projection.Backward(_projectedGradient, pass);
    }

    private void DifferentiateShares(ReadOnlySpan<float> shares, Span<float> slopes, int length)
    {
        for (int row = 0; row < length; row++)
        {
            ReadOnlySpan<float> share = shares.Slice(row * length, length);
            Span<float> slope = slopes.Slice(row * length, length);
            Kernel.ScaleAndShift(1, -Kernel.Dot(share, slope), slope);
            Kernel.MultiplyInto(share, slope);
            Kernel.Scale(1 / MathF.Sqrt(_headWidth), slope);
        }
    }

    /// <summary>q (0), k (1) or v (2) of one sequence and head.</summary>
    private MatrixView Part(int start, int length, int head, int part) =>
        new(_projected!.Values[Offset(start, head, part)..], length, _headWidth, 3 * _width);

    private Span<float> GradientOf(int start, int head, int part) =>
        _projectedGradient.Values[Offset(start, head, part)..];

    private int Offset(int start, int head, int part) => (((start * 3) + part) * _width) + (head * _headWidth);

    private void Reserve(LayerPass pass)
    {
        int longest = 0;
        int squares = 0;
        for (int sequence = 0; sequence < pass.SequenceCount; sequence++)
        {
            int length = pass.Starts[sequence + 1] - pass.Starts[sequence];
            longest = Math.Max(longest, length);
            squares += length * length;
        }

        if (_shares.Length < squares * _headCount)
        {
            _shares = new float[2 * squares * _headCount];
        }

        if (_zeros.Length < longest)
        {
            _zeros = new float[2 * longest];
            _shareGradients = new float[4 * longest * longest];
        }
    }
}
