using Tandem.Numerics;

namespace Tandem.Learning;

/// <summary>A model whose score of an item is the inner product of the item's vector with one vector for the whole query:
/// what an index of vectors can answer.</summary>
public interface IVectorScorer : IItemScorer
{
    /// <summary>One vector an item that it was fitted with, shape (items, length). Items that it took in since come behind
    /// them.</summary>
    Matrix ItemVectors { get; }

    /// <summary>The vector of an item, taken in since or not.</summary>
    /// <param name="item">An item, 0 to the number of items, exclusive.</param>
    ReadOnlySpan<float> VectorOf(int item) => ItemVectors.Row(item);

    /// <summary>Gives vectors of known users: examples of what will be asked.</summary>
    /// <param name="count">How many at most, ≥ 1.</param>
    /// <param name="seed">Chooses the users.</param>
    /// <returns>Vectors, shape (any up to count, length); none where no user is known.</returns>
    Matrix SampleQueries(int count, ulong seed);

    /// <summary>Finds the vector of a query, so that its products with <see cref="ItemVectors"/> are what <see
    /// cref="IItemScorer.ScoreItems"/> gives, to the last bit.</summary>
    /// <param name="query">Who asks, and what they did.</param>
    /// <param name="vector">Receives the vector.</param>
    /// <returns>False where this query is answered otherwise, such as one without any history.</returns>
    bool TryFindQuery(in ItemQuery query, Span<float> vector);
}
