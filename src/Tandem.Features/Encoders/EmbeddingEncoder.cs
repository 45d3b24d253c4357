using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Features.Encoders;

/// <summary>A text as the embedding that somebody's model makes of it, of length 1; zeros where it is missing. Of a list,
/// the newest text counts.</summary>
internal sealed class EmbeddingEncoder(EncoderState state, TextEmbedding embedding) : FeatureEncoder(state)
{
    /// <summary>What the name of a file that is kept beside encoders begins with; its hash follows.</summary>
    public const string FilePrefix = "text-";

    public override int DenseCount => embedding.Length;

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
            Model = Keep(Path.Combine(folder, spec.Model!)),
            Vocabulary = Keep(Path.Combine(folder, spec.Vocabulary!)),
            Length = spec.Length,
            Lower = spec.Lower,
        };
        return Restore(state, files)!;

        string Keep(string path)
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
            ? new EmbeddingEncoder(state, TextEmbedding.Load(state, model, vocabulary))
            : null;

    /// <summary>Throws unless the files that tandem.yaml names can be opened.</summary>
    public static void Check(string feature, EncoderSpec spec, string folder)
    {
        foreach (string name in (string[])[spec.Model!, spec.Vocabulary!])
        {
            string path = Path.Combine(folder, name);
            try
            {
                File.OpenRead(path).Dispose();
            }
            catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
            {
                throw FeaturesErrors.NoTextModel(feature, path, wrong.Message);
            }
        }
    }

    /// <summary>Encodes a text ahead.</summary>
    public void Warm(string text) => embedding.Of(text);

    public override int RoomFor(ReadOnlySpan<string> texts) => 0;

    public override void Encode(
        ReadOnlySpan<string> texts, Span<float> dense, int offset, ref SparseEntries sparse)
    {
        if (texts.IsEmpty)
        {
            dense.Clear();
        }
        else
        {
            embedding.Of(texts[^1]).CopyTo(dense);
        }
    }

    private static byte[] Read(string feature, string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw FeaturesErrors.NoTextModel(feature, path, wrong.Message);
        }
    }
}
