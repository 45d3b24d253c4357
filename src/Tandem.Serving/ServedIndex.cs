using Tandem.Faults;
using Tandem.Learning;
using Tandem.Learning.Nearest;
using Tandem.Registry;
using Tandem.Spec;
using Tandem.Storage.Native;

namespace Tandem.Serving;

/// <summary>Builds or opens the index of a model's items, as tandem.yaml asks for it.</summary>
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
    /// <exception cref="TandemException">LRN031: a vector holds something that is no number.</exception>
    public static NearestIndex? Build(
        IItemScorer scorer, ServingSpec serving, int threadCount, CancellationToken cancellationToken) =>
        OptionsFor(scorer, serving) is { } options && scorer is IVectorScorer vectors
            ? NearestIndex.Build(
                vectors.ItemVectors, options, vectors.SampleQueries(SampleCount, options.Seed), threadCount,
                cancellationToken)
            : null;

    /// <summary>Opens the index that a version was published with where it is what is asked for, else builds it.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="version">The version.</param>
    /// <param name="scorer">Its model.</param>
    /// <param name="serving">What is asked for.</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The index, or null where every item is scored; and SRV011 where it had to be built.</returns>
    /// <exception cref="TandemException">LRN031: a vector holds something that is no number.</exception>
    public static async Task<(NearestIndex? Index, Fault? Fault)> OpenAsync(
        ModelRegistry registry, ModelVersion version, IItemScorer scorer, ServingSpec serving, int threadCount,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(version);
        if (OptionsFor(scorer, serving) is not { } options || scorer is not IVectorScorer vectors)
        {
            return (null, null);
        }

        string why;
        try
        {
            string path = await registry.ArtifactPathAsync(version, ArtifactNames.Index, cancellationToken)
                .ConfigureAwait(false);
            NearestIndex index = await Task.Run(
                () => NearestIndex.Load(MappedFile.Open(path), vectors.ItemVectors), cancellationToken)
                .ConfigureAwait(false);
            if (index.Options == options)
            {
                return (index, null);
            }

            why = $"It was built as {Words[index.Kind]} for other settings.";
        }
        catch (TandemException unusable)
        {
            why = $"{unusable.Fault.Code}: {unusable.Fault.What}";
        }

        NearestIndex? built = await Task.Run(
            () => Build(scorer, serving, threadCount, cancellationToken), cancellationToken).ConfigureAwait(false);
        return (built, ServingErrors.IndexBuilt(version.Number, why));
    }
}
