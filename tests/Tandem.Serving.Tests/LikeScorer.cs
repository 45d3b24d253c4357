using Tandem.Learning;

namespace Tandem.Serving.Tests;

/// <summary>A small scorer whose answers a reader can foretell: an item scores by its nearness to the newest item of the
/// history, and without one by a fixed liking that falls with its number.</summary>
internal sealed class LikeScorer(int itemCount, string kind = "like", float bad = 0) : IItemScorer
{
    public string Kind => kind;

    public int ItemCount => itemCount;

    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        int centre = query.History.IsEmpty ? 0 : query.History[^1];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = -Math.Abs(i - centre) + bad;
        }
    }

    public void ScoreSimilar(int item, Span<float> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = i == item ? float.NegativeInfinity : -Math.Abs(i - item);
        }
    }

    public void Save(Stream target) => throw new NotSupportedException("Only for tests that never save it.");
}
