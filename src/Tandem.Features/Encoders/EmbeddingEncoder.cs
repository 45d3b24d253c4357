using System.Globalization;
using Tandem.Inference.Onnx;
using Tandem.Inference.Texts;
using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Features.Encoders;

/// <summary>A text as the embedding that somebody's model makes of it, or of the picture that it names, of length 1; zeros
/// where it is missing. Of a list, the newest text counts.</summary>
internal sealed class EmbeddingEncoder(EncoderState state, KeptEmbeddings embeddings) : FeatureEncoder(state)
{
    /// <summary>What the name of a file that is kept beside encoders begins with; its hash follows.</summary>
    public const string FilePrefix = "text-";

    public override int DenseCount => embeddings.Length;

    /// <summary>Texts asked for that had nothing to encode.</summary>
    public long Misses => embeddings.Misses;

    /// <summary>Reads the files that tandem.yaml names.</summary>
    /// <param name="feature">Name of the feature.</param>
    /// <param name="spec">What tandem.yaml says.</param>
    /// <param name="folder">The folder of tandem.yaml.</param>
    /// <param name="files">Receives the files under the names that the state knows them by.</param>
    public static EmbeddingEncoder Make(
        string feature, EncoderSpec spec, string folder, Dictionary<string, byte[]> files)
    {
        EncoderState state = new()
        {
            Feature = feature,
            Kind = spec.Kind,
            Model = Hold(Path.Combine(folder, spec.Model!)),
            Vocabulary = Hold(Path.Combine(folder, spec.Vocabulary!)),
            Length = spec.Length,
            Lower = spec.Lower,
        };
        return Restore(state, files)!;

        string Hold(string path)
        {
            byte[] bytes = Read(feature, path);
            string name = FilePrefix + ContentHash.Digits(ContentHash.Of(bytes)).ToString();
            files[name] = bytes;
            return name;
        }
    }

    /// <summary>Makes the encoder of a state; null where its files are not there.</summary>
    public static EmbeddingEncoder? Restore(EncoderState state, IReadOnlyDictionary<string, byte[]> files) =>
        files.TryGetValue(state.Model!, out byte[]? model) && files.TryGetValue(state.Vocabulary!, out byte[]? vocabulary)
            ? new EmbeddingEncoder(state, KeptEmbeddings.Share(
                string.Create(
                    CultureInfo.InvariantCulture, $"{state.Model} {state.Vocabulary} {state.Length} {state.Lower}"),
                () => Keep(new TextEncoder(
                    OnnxModel.Load(model), WordPiece.Load(vocabulary, state.Lower), state.Length))))
            : null;

    /// <summary>The embeddings that an encoder makes of texts: each alone, so that it has the same bits in training and
    /// serving.</summary>
    public static KeptEmbeddings Keep(TextEncoder encoder, long memoryBytes = KeptEmbeddings.MemoryBytes)
    {
        return new(encoder.Length, Encode, memoryBytes);

        float[] Encode(string text)
        {
            float[] embedding = new float[encoder.Length];
            encoder.Encode([text], embedding);
            return embedding;
        }
    }

    /// <summary>Throws unless the files that tandem.yaml names can be opened, and its folder is there.</summary>
    public static void Check(string feature, EncoderSpec spec, string folder)
    {
        foreach (string? name in (string?[])[spec.Model, spec.Vocabulary])
        {
            string path = Path.Combine(folder, name ?? "");
            try
            {
                if (name is not null)
                {
                    File.OpenRead(path).Dispose();
                }
            }
            catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
            {
                throw FeaturesErrors.NoSideFile(feature, path, wrong.Message);
            }
        }

        if (spec.Folder is not null && !Directory.Exists(Path.Combine(folder, spec.Folder)))
        {
            throw FeaturesErrors.NoSideFile(feature, Path.Combine(folder, spec.Folder), "there is no such folder");
        }
    }

    /// <summary>Encodes a text ahead; false where there is nothing to encode.</summary>
    public bool Warm(string text) => embeddings.Of(text).Length > 0;

    public override int RoomFor(ReadOnlySpan<string> texts) => 0;

    public override void Encode(
        ReadOnlySpan<string> texts, Span<float> dense, int offset, ref SparseEntries sparse)
    {
        float[] embedding = texts.IsEmpty ? [] : embeddings.Of(texts[^1]);
        embedding.CopyTo(dense);
        dense[embedding.Length..].Clear();
    }

    /// <summary>Reads a file that tandem.yaml names.</summary>
    public static byte[] Read(string feature, string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw FeaturesErrors.NoSideFile(feature, path, wrong.Message);
        }
    }
}
