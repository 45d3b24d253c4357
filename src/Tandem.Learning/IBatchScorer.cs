using Tandem.Numerics;

namespace Tandem.Learning;

/// <summary>A scorer that reads its parameters once for many users.</summary>
internal interface IBatchScorer : IItemScorer
{
    /// <summary>Scores all items for several users, as <see cref="IItemScorer.ScoreItems"/> would up to
    /// rounding.</summary>
    /// <param name="count">Number of users, ≥ 1.</param>
    /// <param name="queries">Gives the query of each.</param>
    /// <param name="scores">Receives one row a user, shape (at least count, items).</param>
    void ScoreMany(int count, QuerySource queries, Matrix scores);
}
