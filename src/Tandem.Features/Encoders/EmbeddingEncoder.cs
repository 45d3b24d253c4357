using System.Globalization;
using System.Runtime.InteropServices;
using Tandem.Inference.Onnx;
using Tandem.Inference.Texts;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Features.Encoders;

/// <summary>A text as the embedding that somebody's model makes of it, or of the picture that it names, of length 1; zeros
/// where it is missing. Of a list, the newest text counts.</summary>
internal sealed class EmbeddingEncoder(EncoderState state, KeptEmbeddings embeddings) : FeatureEncoder(state)
{
    // Different texts that directions are learned from, at most: evenly among those of the training rows.
    private const int MostLearned = 10_000;

    private readonly float[]? _projection =
        state.Projection is null ? null : MemoryMarshal.Cast<byte, float>(state.Projection).ToArray();

    // Where the mean lies along each direction: it is taken away from every embedding.
    private readonly float[] _means = MeansOf(state, embeddings.Length);

    /// <summary>What the name of a file that is kept beside encoders begins with; its hash follows.</summary>
    public const string FilePrefix = "text-";

    public override int DenseCount => _projection is null ? embeddings.Length : State.Components;

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

    /// <summary>The encoder that keeps what tandem.yaml asks for of its embeddings: itself, or one that knows the directions
    /// in which those of the training rows differ most.</summary>
    /// <param name="count">Directions to keep; null for all numbers.</param>
    /// <param name="column">The texts.</param>
    /// <param name="isTraining">Which rows are training rows.</param>
    /// <exception cref="Faults.TandemException">FEA036: there are not as many.</exception>
    public EmbeddingEncoder Reduce(int? count, TextColumn column, IReadOnlyList<bool> isTraining)
    {
        if (count is not { } kept)
        {
            return this;
        }

        string[] texts =
        [
            .. Enumerable.Range(0, column.RowCount).Where(row => isTraining[row] && column.Count(row) > 0)
                .Select(row => column.Text(row, column.Count(row) - 1)).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        int learned = Math.Min(MostLearned, texts.Length);
        float[][] found =
        [
            .. Enumerable.Range(0, learned).Select(i => embeddings.Of(texts[(int)((long)i * texts.Length / learned)]))
                .Where(static embedding => embedding.Length > 0),
        ];
        if (kept > embeddings.Length || kept >= found.Length)
        {
            throw FeaturesErrors.TooManyComponents(State.Feature, kept, embeddings.Length, found.Length);
        }

        Matrix rows = new(found.Length, embeddings.Length);
        for (int row = 0; row < found.Length; row++)
        {
            found[row].CopyTo(rows.Row(row));
        }

        var components = PrincipalComponents.Fit(rows, kept, Environment.ProcessorCount);
        float[] projection = [.. components.Mean, .. components.Directions.Values];
        return new EmbeddingEncoder(
            State with { Components = kept, Projection = MemoryMarshal.AsBytes<float>(projection).ToArray() }, embeddings);
    }

    /// <summary>Whether a state's directions are those of its embeddings, or it has none.</summary>
    public bool IsWhole =>
        State.Projection is null
            ? State.Components == 0
            : _means.Length > 0;

    public override int RoomFor(ReadOnlySpan<string> texts) => 0;

    public override void Encode(
        ReadOnlySpan<string> texts, Span<float> dense, int offset, ref SparseEntries sparse)
    {
        float[] embedding = texts.IsEmpty ? [] : embeddings.Of(texts[^1]);
        if (_projection is null || embedding.Length == 0)
        {
            embedding.CopyTo(dense);
            dense[embedding.Length..].Clear();
            return;
        }

        for (int k = 0; k < dense.Length; k++)
        {
            dense[k] = Kernel.Dot(_projection.AsSpan((k + 1) * embedding.Length, embedding.Length), embedding) - _means[k];
        }
    }

    /// <summary>Where the mean of a state's projection lies along its directions; empty where it has none, or they are not of
    /// embeddings of that length.</summary>
    private static float[] MeansOf(EncoderState state, int length)
    {
        if (state.Projection is null || state.Components <= 0
            || state.Projection.Length != sizeof(float) * length * (state.Components + 1L))
        {
            return [];
        }

        ReadOnlySpan<float> projection = MemoryMarshal.Cast<byte, float>(state.Projection);
        float[] means = new float[state.Components];
        for (int k = 0; k < means.Length; k++)
        {
            means[k] = Kernel.Dot(projection.Slice((k + 1) * length, length), projection[..length]);
        }

        return means;
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
