namespace Tandem.Features.Encoders;

/// <summary>A number as it is, missing where it is missing: for models that take that.</summary>
internal sealed class PlainEncoder(EncoderState state) : FeatureEncoder(state)
{
    public const string Kind = "plain";

    public override int DenseCount => 1;

    public static PlainEncoder Make(string feature) => new(new EncoderState { Feature = feature, Kind = Kind });

    public override void Encode(float value, Span<float> dense, int offset, ref SparseEntries sparse) =>
        dense[0] = float.IsFinite(value) ? value : float.NaN;
}
