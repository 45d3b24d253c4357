using Tandem.Learning.Files;

namespace Tandem.Learning.Popularity;

/// <summary>The same order for everyone: what most chose. Kinds <c>popular</c> and <c>popular_windowed</c>.</summary>
public sealed class PopularModel : IGrowingScorer
{
    private readonly float[] _scores;

    internal PopularModel(string kind, float[] scores)
    {
        Kind = kind;
        _scores = scores;
    }

    /// <inheritdoc/>
    public string Kind { get; }

    /// <inheritdoc/>
    public int ItemCount => _scores.Length;

    /// <inheritdoc/>
    public void ScoreItems(in ItemQuery query, Span<float> scores) => _scores.CopyTo(scores);

    /// <inheritdoc/>
    /// <remarks>Popularity knows no likeness: the answer is the popular items.</remarks>
    public void ScoreSimilar(int item, Span<float> scores)
    {
        _scores.CopyTo(scores);
        scores[item] = float.NegativeInfinity;
    }

    /// <inheritdoc/>
    /// <remarks>Nobody has chosen the items that come behind: they score 0.</remarks>
    public IItemScorer WithItems(int count, in FeatureRows attributes) =>
        new PopularModel(Kind, [.. _scores, .. new float[count]]);

    /// <inheritdoc/>
    public void Save(Stream target) =>
        ModelFile.Write(target, Kind, [new("items", ItemCount)], new ModelArray("scores", _scores));

    internal static PopularModel Load(Stream source, string kind)
    {
        ModelContent content = ModelFile.Read(source, kind);
        return new PopularModel(kind, content.Floats("scores", content.Count("items")));
    }
}
