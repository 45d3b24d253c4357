using Tandem.Learning;
using Tandem.Learning.Nearest;
using Tandem.Spec;

namespace Tandem.Serving;

/// <summary>Builds the index of a model's items, as tandem.yaml asks for it.</summary>
public static class ServedIndex
{
    private const int SampleCount = 128;

    /// <summary>The words of tandem.yaml, by kind.</summary>
    public static IReadOnlyDictionary<NearestKind, string> Words { get; } = new Dictionary<NearestKind, string>
    {
        [NearestKind.Auto] = "auto",
        [NearestKind.Exact] = "exact",
        [NearestKind.Bytes] = "int8",
        [NearestKind.Ivf] = "ivf",
        [NearestKind.Hnsw] = "hnsw",
    };

    /// <summary>How an index is to be built, or null where every item is scored: the model has no vectors, has few items, or
    /// exact answers are asked for.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="serving">What is asked for.</param>
    public static NearestOptions? OptionsFor(IItemScorer scorer, ServingSpec serving)
    {
        ArgumentNullException.ThrowIfNull(serving);
        if (scorer is not IVectorScorer vectors)
        {
            return null;
        }

        NearestOptions options = new()
        {
            Kind = Words.First(pair => pair.Value == serving.Index.Kind).Key,
            Recall = serving.Index.Recall,
            Top = serving.CandidateCount,
        };
        NearestKind kind = NearestIndex.Choose(options, vectors.ItemCount);
        return kind == NearestKind.Exact ? null : options with { Kind = kind };
    }

    /// <summary>Builds the index.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="serving">What is asked for.</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The index, or null where every item is scored.</returns>
    /// <exception cref="Faults.TandemException">LRN031: a vector holds something that is no number.</exception>
    public static NearestIndex? Build(
        IItemScorer scorer, ServingSpec serving, int threadCount, CancellationToken cancellationToken) =>
        OptionsFor(scorer, serving) is { } options && scorer is IVectorScorer vectors
            ? NearestIndex.Build(
                vectors.ItemVectors, options, vectors.SampleQueries(SampleCount, options.Seed), threadCount,
                cancellationToken)
            : null;
}
