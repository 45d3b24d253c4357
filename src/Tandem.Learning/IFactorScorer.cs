using Tandem.Numerics;

namespace Tandem.Learning;

/// <summary>A scorer whose scores are inner products, so that many users can be scored while a few items stay in
/// cache.</summary>
internal interface IFactorScorer : IItemScorer
{
    /// <summary>Item factors, shape (items, factors).</summary>
    Matrix ItemFactors { get; }

    /// <summary>Finds the factor of whoever asks: scores are its inner products with the item factors.</summary>
    /// <param name="query">Who asks.</param>
    /// <param name="factor">Receives the factor.</param>
    /// <returns>False where nothing is known of them; they are scored by
    /// <see cref="IItemScorer.ScoreItems"/>.</returns>
    bool TryFindFactor(in ItemQuery query, Span<float> factor);
}
