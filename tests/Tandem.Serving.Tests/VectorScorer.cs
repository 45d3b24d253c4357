using Tandem.Learning;
using Tandem.Numerics;

namespace Tandem.Serving.Tests;

/// <summary>A scorer over given vectors: the query is the vector of the newest item of the history.</summary>
internal sealed class VectorScorer(Matrix vectors) : IVectorScorer
{
    public string Kind => "vectors";

    public int ItemCount => vectors.RowCount;

    public Matrix ItemVectors => vectors;

    public Matrix SampleQueries(int count, ulong seed) => vectors;

    /// <summary>How often all items were scored.</summary>
    public int Scans { get; private set; }

    public bool TryFindQuery(in ItemQuery query, Span<float> vector)
    {
        vectors.Row(query.History[^1]).CopyTo(vector);
        return true;
    }

    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        Scans++;
        vectors.Multiply(vectors.Row(query.History[^1]), scores);
    }

    public void ScoreSimilar(int item, Span<float> scores) => vectors.Multiply(vectors.Row(item), scores);

    public void Save(Stream target) => throw new NotSupportedException("Only for tests that never save it.");
}
