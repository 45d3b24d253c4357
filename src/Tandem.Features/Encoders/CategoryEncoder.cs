using Tandem.Spec;

namespace Tandem.Features.Encoders;

/// <summary>A text as the number of its category, the most frequent first; texts that are too rare share the last, and a
/// missing one is missing: for models that take categories.</summary>
internal sealed class CategoryEncoder : FeatureEncoder
{
    public const string Kind = "category";

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public CategoryEncoder(EncoderState state)
        : base(state)
    {
        foreach (string value in state.Values)
        {
            _numbers.TryAdd(value, _numbers.Count);
        }
    }

    public override int DenseCount => 1;

    public override int CategoryCount => _numbers.Count + 1;

    public static CategoryEncoder Fit(string feature, EncoderSpec spec, TextColumn column, bool[] isTraining) =>
        new(new EncoderState
        {
            Feature = feature,
            Kind = Kind,
            Values = VocabularyEncoder.FrequentValues(spec, column, isTraining),
        });

    public override int RoomFor(ReadOnlySpan<string> texts) => 0;

    public override void Encode(ReadOnlySpan<string> texts, Span<float> dense, int offset, ref SparseEntries sparse) =>
        dense[0] = texts.IsEmpty ? float.NaN : _numbers.GetValueOrDefault(texts[^1], _numbers.Count);
}
