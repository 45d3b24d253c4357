using Tandem.Faults;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Learning;

namespace Tandem.Serving;

/// <summary>What orders a version's candidates, or predicts: the store that computes its features as it was trained on them,
/// their encoders, and the model.</summary>
/// <remarks>Immutable.</remarks>
public sealed class ServedRowModel
{
    private readonly int[] _places;

    /// <summary>Ties the parts together.</summary>
    /// <param name="store">Computes the features.</param>
    /// <param name="features">The features that the model reads; of views of the store.</param>
    /// <param name="encoders">How they become inputs: their numbers are the features in order, then, where candidates are
    /// ordered, the score of retrieval.</param>
    /// <param name="scorer">Scores encoded rows.</param>
    /// <param name="user">Entity that asks.</param>
    /// <param name="item">Entity that is shown.</param>
    /// <exception cref="TandemException">SRV007: the parts do not fit together, or give a score that is not a
    /// number.</exception>
    public ServedRowModel(
        FeatureStore store, FeatureSet features, FeatureEncoders encoders, IRowScorer scorer, string user, string item)
    {
        Store = store;
        Encoders = encoders;
        Scorer = scorer;
        UserEntity = user;
        ItemEntity = item;
        Features = features;

        // All numbers of the store are read, not the model's alone: they are what impressions log.
        Reader = store.Reader(FeatureSet.Create(store.Views));
        _places = [.. features.Names.Select(Reader.Set.IndexOf)];
        Texts =
        [
            .. encoders.Texts.Select(name => RankedText.Find(store, name) ?? throw ServingErrors.BadRanker(scorer.Kind)),
        ];
        MostTexts = Texts.Sum(static text => text.Most);
        bool fits = encoders.Numbers.Count - features.Count is 0 or 1
            && encoders.Numbers.Take(features.Count).SequenceEqual(features.Names, StringComparer.Ordinal)
            && encoders.DenseCount == scorer.DenseCount && encoders.SparseCount == scorer.SparseCount;
        if (!fits || !GivesNumbers())
        {
            throw ServingErrors.BadRanker(scorer.Kind);
        }
    }

    /// <summary>Says that the features that order a version's candidates are not computed as it was trained on them
    /// (SRV008).</summary>
    /// <param name="version">The version, in digits.</param>
    /// <param name="views">The views that differ.</param>
    public static Fault NotComputed(string version, IReadOnlyList<string> views) =>
        ServingErrors.NotComputed(version, views);

    /// <summary>The features that the model reads, in order.</summary>
    public FeatureSet Features { get; }

    /// <summary>How they become inputs.</summary>
    public FeatureEncoders Encoders { get; }

    /// <summary>Scores encoded rows.</summary>
    public IRowScorer Scorer { get; }

    /// <summary>True where the score of retrieval stands behind the features.</summary>
    internal bool ReadsRetrieval => Encoders.Numbers.Count > Features.Count;

    internal FeatureStore Store { get; }

    internal FeatureReader Reader { get; }

    /// <summary>The features of texts, in the encoders' order.</summary>
    internal IReadOnlyList<RankedText> Texts { get; }

    /// <summary>Texts that a row may have.</summary>
    internal int MostTexts { get; }

    internal string UserEntity { get; }

    internal string ItemEntity { get; }

    /// <summary>Encodes the texts of items ahead, where somebody's model reads them: no request then waits for it.</summary>
    /// <param name="items">The items.</param>
    /// <param name="now">The moment.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="cancellationToken">Stops it; what was encoded stays.</param>
    public void Warm(EntityIndex items, DateTimeOffset now, int threads, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        for (int text = 0; text < Texts.Count; text++)
        {
            RankedText feature = Texts[text];
            int number = text;
            if (feature.Entity == ItemEntity && Encoders.IsSlow(text))
            {
                Parallel.For(
                    0, items.Count,
                    new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
                    item =>
                    {
                        string[] values = new string[feature.Most];
                        int count = Store.ReadIds(feature.View, feature.Feature, items.Text(item), now, values);
                        if (count > 0)
                        {
                            Encoders.Warm(number, values[count - 1]);
                        }
                    });
            }
        }
    }

    /// <summary>Takes the model's numbers from a vector of the reader's set.</summary>
    internal void Pick(ReadOnlySpan<float> vector, Span<float> numbers)
    {
        for (int i = 0; i < _places.Length; i++)
        {
            numbers[i] = vector[_places[i]];
        }
    }

    /// <summary>Scores a row of missing values, and one of zeros.</summary>
    private bool GivesNumbers()
    {
        foreach (float value in (float[])[float.NaN, 0])
        {
            float[] numbers = new float[Encoders.Numbers.Count];
            Array.Fill(numbers, value);
            FeatureRow row = new() { Numbers = numbers, TextStarts = new int[Texts.Count + 1] };
            float[] dense = new float[Encoders.DenseCount];
            int[] columns = new int[Encoders.RoomFor(in row)];
            float[] values = new float[columns.Length];
            int count = Encoders.Encode(in row, dense, columns, values);
            float[] score = new float[Scorer.Target.OutputCount];
            FeatureRows rows = new()
            {
                Count = 1,
                Dense = dense,
                Starts = (int[])[0, count],
                Columns = columns,
                Values = values,
            };
            Scorer.ScoreRows(in rows, score);
            if (!score.All(float.IsFinite))
            {
                return false;
            }
        }

        return true;
    }
}
