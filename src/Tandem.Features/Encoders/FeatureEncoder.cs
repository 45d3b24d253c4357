using Tandem.Spec;

namespace Tandem.Features.Encoders;

/// <summary>Turns the values of one feature into columns.</summary>
/// <param name="state">What was fitted.</param>
internal abstract class FeatureEncoder(EncoderState state)
{
    /// <summary>What was fitted, as it is saved.</summary>
    public EncoderState State => state;

    /// <summary>Number of dense columns.</summary>
    public virtual int DenseCount => 0;

    /// <summary>Categories that the dense column numbers from 0; 0 where it is a number.</summary>
    public virtual int CategoryCount => 0;

    /// <summary>Number of sparse columns.</summary>
    public virtual int SparseCount => 0;

    /// <summary>Most sparse entries that texts may give.</summary>
    public virtual int RoomFor(ReadOnlySpan<string> texts) => 1;

    /// <summary>Encodes a number; NaN is null.</summary>
    /// <param name="value">The number.</param>
    /// <param name="dense">Room for the dense columns; overwritten.</param>
    /// <param name="offset">First sparse column.</param>
    /// <param name="sparse">Receives sparse entries.</param>
    public virtual void Encode(float value, Span<float> dense, int offset, ref SparseEntries sparse) =>
        throw new System.Diagnostics.UnreachableException();

    /// <summary>Encodes texts; none is null.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="dense">Room for the dense columns; overwritten.</param>
    /// <param name="offset">First sparse column.</param>
    /// <param name="sparse">Receives sparse entries.</param>
    public virtual void Encode(
        ReadOnlySpan<string> texts, Span<float> dense, int offset, ref SparseEntries sparse) =>
        throw new System.Diagnostics.UnreachableException();

    /// <summary>Makes the encoder that a state says; null where there is no such kind, or the state does not fit
    /// it.</summary>
    /// <param name="state">What was fitted.</param>
    /// <param name="files">Files that are kept beside, by name.</param>
    /// <param name="folder">The folder of tandem.yaml.</param>
    public static FeatureEncoder? Of(
        EncoderState state, IReadOnlyDictionary<string, byte[]> files, string folder) => state switch
        {
            { Edges: null } or { Values: null } or { Rates: null } => null,
            { Kind: "standardise", Deviation: > 0, Unit: null or > 0 } => new NumberEncoder(state),
            { Kind: PlainEncoder.Kind } => new PlainEncoder(state),
            { Kind: CategoryEncoder.Kind } => new CategoryEncoder(state),
            { Kind: "bins" } => new BinEncoder(state),
            { Kind: "vocabulary" } => new VocabularyEncoder(state),
            { Kind: "hashing", Buckets: > 0 } => new HashEncoder(state),
            { Kind: "target", Deviation: > 0 } when state.Rates.Count == state.Values.Count => new TargetEncoder(state),
            { Kind: "words", Buckets: > 0 } or { Kind: "tf_idf", Statistics.Length: > 0 } => new WordEncoder(state),
            { Kind: EncoderSpec.Embedding, Model: not null, Vocabulary: not null, Length: >= 3 and <= 512 } =>
                Whole(EmbeddingEncoder.Restore(state, files)),
            { Kind: EncoderSpec.Image, Folder.Length: > 0 } => Whole(PictureFolder.Restore(state, files, folder)),
            _ => null,
        };

    private static EmbeddingEncoder? Whole(EmbeddingEncoder? encoder) => encoder is { IsWhole: true } ? encoder : null;
}
