using Tandem.Features.Text;
using Tandem.Spec;

namespace Tandem.Features.Encoders;

/// <summary>A text as the column that its hash names; nothing is fitted, and new texts have a column at once. A missing
/// text has the last. A list is a bag of them, of length 1.</summary>
/// <remarks>The hash is <see cref="TextHasher"/>'s, without its sign: a column is for one text or few.</remarks>
internal sealed class HashEncoder(EncoderState state) : ColumnEncoder(state)
{
    private readonly int _buckets = state.Buckets;

    public override int SparseCount => _buckets + 1;

    public static HashEncoder Make(string feature, EncoderSpec spec) =>
        new(new EncoderState { Feature = feature, Kind = spec.Kind, Buckets = spec.Buckets });

    protected override int ColumnOf(string text) => (int)Math.BigMul(TextHasher.HashOf(text), (ulong)_buckets, out _);
}
