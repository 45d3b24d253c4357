using Tandem.Learning;
using Tandem.Numerics;

namespace Tandem.Serving.Tests;

/// <summary>A scorer over vectors drawn from an item's number and the first number that is known of it, 0 where none is; the query
/// is the vector of the newest item of the history.</summary>
internal sealed class GrowingScorer(int fitted, Matrix added) : IGrowingScorer, IVectorScorer
{
    public const int Length = 16;

    private readonly Matrix _fitted = Fitted(fitted);

    public string Kind => "growing";

    public int ItemCount => _fitted.RowCount + added.RowCount;

    public Matrix ItemVectors => _fitted;

    public static GrowingScorer Of(int items) => new(items, new Matrix(0, Length));

    public static float[] Draw(int item, int known)
    {
        SeededRandom random = new((ulong)item, (ulong)known);
        float[] vector = new float[Length];
        foreach (ref float x in vector.AsSpan())
        {
            x = (float)random.NextGaussian();
        }

        return vector;
    }

    public ReadOnlySpan<float> VectorOf(int item) =>
        item < _fitted.RowCount ? _fitted.Row(item) : added.Row(item - _fitted.RowCount);

    public Matrix SampleQueries(int count, ulong seed) => _fitted;

    public bool TryFindQuery(in ItemQuery query, Span<float> vector)
    {
        VectorOf(query.History[^1]).CopyTo(vector);
        return true;
    }

    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        for (int item = 0; item < ItemCount; item++)
        {
            scores[item] = query.History.IsEmpty ? 0 : Kernel.Dot(VectorOf(query.History[^1]), VectorOf(item));
        }
    }

    public void ScoreSimilar(int item, Span<float> scores) => ScoreItems(new ItemQuery { History = [item] }, scores);

    public IItemScorer WithItems(int count, in FeatureRows attributes)
    {
        Matrix more = new(added.RowCount + count, Length);
        added.Values.CopyTo(more.Values, 0);
        for (int i = 0; i < count; i++)
        {
            int known = attributes.Count == 0 || float.IsNaN(attributes.Dense[i]) ? 0 : (int)attributes.Dense[i];
            Draw(ItemCount + i, known).CopyTo(more.Row(added.RowCount + i));
        }

        return new GrowingScorer(fitted, more);
    }

    public void Save(Stream target) => throw new NotSupportedException("Only for tests that never save it.");

    private static Matrix Fitted(int count)
    {
        Matrix vectors = new(count, Length);
        for (int item = 0; item < count; item++)
        {
            Draw(item, 0).CopyTo(vectors.Row(item));
        }

        return vectors;
    }
}
