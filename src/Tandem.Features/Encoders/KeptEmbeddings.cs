using System.Collections.Concurrent;

namespace Tandem.Features.Encoders;

/// <summary>Embeddings by text, those that were asked for of late. A process holds each model once, however many versions
/// and trainings use it, as long as one of them does.</summary>
/// <remarks>Thread safe. Embeddings are kept in two generations: the younger becomes the older where it has half the limit,
/// and what was not asked for meanwhile is gone. An embedding that is kept is found without allocating.</remarks>
internal sealed class KeptEmbeddings
{
    /// <summary>Bytes of embeddings that are kept, about.</summary>
    internal const long MemoryBytes = 128L << 20;

    // What an entry takes beside its text and its numbers, about.
    private const int EntryBytes = 120;

    private static readonly Dictionary<string, WeakReference<KeptEmbeddings>> Made = new(StringComparer.Ordinal);
    private static readonly Lock Making = new();

    private readonly Func<string, float[]?> _encode;
    private readonly long _generationBytes;
    private readonly Lock _ageing = new();
    private volatile ConcurrentDictionary<string, float[]> _young = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, float[]> _old = new(StringComparer.Ordinal);
    private long _youngBytes;
    private long _runs;
    private long _misses;

    /// <summary>Makes an empty memory.</summary>
    /// <param name="length">Numbers of an embedding.</param>
    /// <param name="encode">Makes the embedding of a text, the same bits each time; empty
    /// where it has none; null where it has none now, which is not kept.</param>
    /// <param name="memoryBytes">Bytes that are kept, about.</param>
    internal KeptEmbeddings(int length, Func<string, float[]?> encode, long memoryBytes = MemoryBytes)
    {
        Length = length;
        _encode = encode;
        _generationBytes = memoryBytes / 2;
    }

    /// <summary>Numbers of an embedding.</summary>
    public int Length { get; }

    /// <summary>Texts that were encoded.</summary>
    internal long Runs => Volatile.Read(ref _runs);

    /// <summary>Texts asked for that had nothing to encode, such as names without a picture; each time counts.</summary>
    internal long Misses => Volatile.Read(ref _misses);

    /// <summary>Gives the embeddings that the process holds under a key.</summary>
    /// <param name="key">What tells models apart.</param>
    /// <param name="make">Makes them where nobody uses them yet.</param>
    public static KeptEmbeddings Share(string key, Func<KeptEmbeddings> make)
    {
        lock (Making)
        {
            if (!Made.TryGetValue(key, out WeakReference<KeptEmbeddings>? known)
                || !known.TryGetTarget(out KeptEmbeddings? embeddings))
            {
                // Nobody disposes of the model: it goes with the last who uses it.
                embeddings = make();
                Made[key] = new WeakReference<KeptEmbeddings>(embeddings);
            }

            return embeddings;
        }
    }

    /// <summary>The embedding of a text, not to be changed; empty where there is nothing to encode.</summary>
    public float[] Of(string text)
    {
        if (!_young.TryGetValue(text, out float[]? embedding))
        {
            if (!_old.TryGetValue(text, out embedding))
            {
                embedding = _encode(text);
                Interlocked.Increment(ref _runs);
            }

            if (embedding is null)
            {
                Interlocked.Increment(ref _misses);
                return [];
            }

            Keep(text, embedding);
        }

        if (embedding.Length == 0)
        {
            Interlocked.Increment(ref _misses);
        }

        return embedding;
    }

    private void Keep(string text, float[] embedding)
    {
        long bytes = EntryBytes + (embedding.Length * sizeof(float)) + (text.Length * sizeof(char));
        if (_young.TryAdd(text, embedding) && Interlocked.Add(ref _youngBytes, bytes) > _generationBytes)
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
}
