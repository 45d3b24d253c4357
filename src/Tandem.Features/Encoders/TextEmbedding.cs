using System.Collections.Concurrent;
using System.Globalization;
using Tandem.Inference.Onnx;
using Tandem.Inference.Texts;

namespace Tandem.Features.Encoders;

/// <summary>A model that reads texts, with the embeddings that were asked for of late. A process holds each model once,
/// however many versions and trainings use it, as long as one of them does.</summary>
/// <remarks>Thread safe. A text is always encoded alone, so that its embedding is the same bits in training and serving.
/// Embeddings are kept in two generations: the younger becomes the older where it has half the limit, and what was not
/// asked for meanwhile is gone. An embedding that is kept is found without allocating.</remarks>
internal sealed class TextEmbedding
{
    /// <summary>Bytes of embeddings that are kept, about.</summary>
    private const long MemoryBytes = 128L << 20;

    // What an entry takes beside its text and its numbers, about.
    private const int EntryBytes = 120;

    private static readonly Dictionary<string, WeakReference<TextEmbedding>> Loaded = new(StringComparer.Ordinal);
    private static readonly Lock Loading = new();

    private readonly TextEncoder _encoder;
    private readonly long _generationBytes;
    private readonly Lock _ageing = new();
    private volatile ConcurrentDictionary<string, float[]> _young = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, float[]> _old = new(StringComparer.Ordinal);
    private long _youngBytes;
    private long _runs;

    internal TextEmbedding(TextEncoder encoder, long memoryBytes = MemoryBytes)
    {
        _encoder = encoder;
        _generationBytes = memoryBytes / 2;
    }

    /// <summary>Numbers of an embedding.</summary>
    public int Length => _encoder.Length;

    /// <summary>Texts that the model encoded.</summary>
    internal long Runs => Volatile.Read(ref _runs);

    /// <summary>Gives the model that a state names.</summary>
    /// <param name="state">What was fitted.</param>
    /// <param name="model">The model's file.</param>
    /// <param name="vocabulary">The vocabulary's file.</param>
    /// <exception cref="Faults.TandemException">INF codes: the files are no model and vocabulary of
    /// texts.</exception>
    public static TextEmbedding Load(EncoderState state, byte[] model, byte[] vocabulary)
    {
        string key = string.Create(
            CultureInfo.InvariantCulture, $"{state.Model} {state.Vocabulary} {state.Length} {state.Lower}");
        lock (Loading)
        {
            if (!Loaded.TryGetValue(key, out WeakReference<TextEmbedding>? known)
                || !known.TryGetTarget(out TextEmbedding? embedding))
            {
                // Nobody disposes of the model: it goes with the last who uses it.
                embedding = new TextEmbedding(new TextEncoder(
                    OnnxModel.Load(model), WordPiece.Load(vocabulary, state.Lower), state.Length));
                Loaded[key] = new WeakReference<TextEmbedding>(embedding);
            }

            return embedding;
        }
    }

    /// <summary>The embedding of a text; not to be changed.</summary>
    public float[] Of(string text)
    {
        if (_young.TryGetValue(text, out float[]? embedding))
        {
            return embedding;
        }

        if (!_old.TryGetValue(text, out embedding))
        {
            embedding = new float[Length];
            _encoder.Encode([text], embedding);
            Interlocked.Increment(ref _runs);
        }

        long bytes = EntryBytes + (embedding.Length * sizeof(float)) + (text.Length * sizeof(char));
        if (_young.TryAdd(text, embedding) && Interlocked.Add(ref _youngBytes, bytes) > _generationBytes)
        {
            Age();
        }

        return embedding;
    }

    private void Age()
    {
        lock (_ageing)
        {
            if (Volatile.Read(ref _youngBytes) > _generationBytes)
            {
                _old = _young;
                _young = new ConcurrentDictionary<string, float[]>(StringComparer.Ordinal);
                Volatile.Write(ref _youngBytes, 0);
            }
        }
    }
}
