namespace Tandem.Learning;

/// <summary>A model that scores every item for one user: most popular, co-occurrence, factorisation.</summary>
public interface IItemScorer : IModel
{
    /// <summary>Number of items it knows; items are 0 to this, exclusive.</summary>
    int ItemCount { get; }

    /// <summary>Scores all items for one user. Higher is better; never NaN. Allocates nothing in steady
    /// state.</summary>
    /// <param name="query">Who asks, and what they did.</param>
    /// <param name="scores">Receives the scores, length <see cref="ItemCount"/>.</param>
    void ScoreItems(in ItemQuery query, Span<float> scores);

    /// <summary>Scores the items most like one item, by the model's own notion of likeness.</summary>
    /// <param name="item">An item, 0 to <see cref="ItemCount"/>, exclusive.</param>
    /// <param name="scores">Receives the scores, length <see cref="ItemCount"/>; the item itself gets
    /// <see cref="float.NegativeInfinity"/>.</param>
    void ScoreSimilar(int item, Span<float> scores);
}
