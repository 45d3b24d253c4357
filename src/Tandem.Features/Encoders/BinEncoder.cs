using Tandem.Numerics.Statistics;
using Tandem.Spec;

namespace Tandem.Features.Encoders;

/// <summary>A number as the one of equally filled bins that it falls into; a missing one has a bin of its own, the
/// last.</summary>
internal sealed class BinEncoder(EncoderState state) : FeatureEncoder(state)
{
    private readonly double[] _edges = [.. state.Edges];

    public override int SparseCount => _edges.Length + 2;

    /// <summary>Fits on values that may be NaN. Bins that would be empty, because a value is frequent, are left
    /// out.</summary>
    public static BinEncoder Fit(string feature, EncoderSpec spec, ReadOnlySpan<float> values)
    {
        float[] all = [.. values];
        float[] sorted = [.. all.Where(float.IsFinite).Order()];
        double[] edges = sorted.Length == 0
            ? []
            :
            [
                .. Enumerable.Range(1, spec.Bins - 1).Select(i => SortedQuantile.Of(sorted, (double)i / spec.Bins))
                    .Distinct().Where(edge => edge > sorted[0]),
            ];
        return new BinEncoder(new EncoderState { Feature = feature, Kind = spec.Kind, Edges = edges });
    }

    public override void Encode(float value, Span<float> dense, int offset, ref SparseEntries sparse)
    {
        int bin = _edges.Length + 1;
        if (float.IsFinite(value))
        {
            int found = Array.BinarySearch(_edges, value);
            bin = found >= 0 ? found + 1 : ~found;
        }

        sparse.Add(offset + bin, 1);
    }
}
