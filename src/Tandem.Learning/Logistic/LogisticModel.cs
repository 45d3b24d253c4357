using Tandem.Learning.Files;
using Tandem.Numerics;

namespace Tandem.Learning.Logistic;

/// <summary>Logistic regression: log-odds that are a weighted sum of what was encoded. Kind <c>logistic</c>.</summary>
public sealed class LogisticModel : IExplainedScorer
{
    internal const string KindName = "logistic";

    private readonly float[] _dense;
    private readonly float[] _sparse;
    private readonly float _bias;

    internal LogisticModel(float[] dense, float[] sparse, float bias)
    {
        _dense = dense;
        _sparse = sparse;
        _bias = bias;
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int DenseCount => _dense.Length;

    /// <inheritdoc/>
    public int SparseCount => _sparse.Length;

    /// <summary>Weights of the dense columns.</summary>
    public ReadOnlySpan<float> DenseWeights => _dense;

    /// <summary>Weights of the sparse columns.</summary>
    public ReadOnlySpan<float> SparseWeights => _sparse;

    /// <summary>Log-odds of a row of zeros.</summary>
    public float Bias => _bias;

    /// <inheritdoc/>
    /// <remarks>O(rows · dense + sparse entries).</remarks>
    public void ScoreRows(in FeatureRows rows, Span<float> scores)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            float score = _bias + Kernel.Dot(rows.Dense.Slice(row * _dense.Length, _dense.Length), _dense);
            if (!rows.Starts.IsEmpty)
            {
                for (int i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
                {
                    score += _sparse[rows.Columns[i]] * rows.Values[i];
                }
            }

            scores[row] = score;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Weight × value of each column; all rows start from the bias. O(columns of the row).</remarks>
    public void Explain(
        in FeatureRows rows, int row, IReadOnlyList<int> featureOfDense, IReadOnlyList<int> featureOfSparse,
        Span<double> added)
    {
        added.Clear();
        for (int column = 0; column < _dense.Length; column++)
        {
            added[featureOfDense[column]] += (double)_dense[column] * rows.Dense[(row * _dense.Length) + column];
        }

        for (int i = rows.Starts.IsEmpty ? 0 : rows.Starts[row]; i < (rows.Starts.IsEmpty ? 0 : rows.Starts[row + 1]); i++)
        {
            added[featureOfSparse[rows.Columns[i]]] += (double)_sparse[rows.Columns[i]] * rows.Values[i];
        }

        added[^1] = _bias;
    }

    /// <inheritdoc/>
    public void Save(Stream target) => ModelFile.Write(
        target, KindName, [new("dense", _dense.Length), new("sparse", _sparse.Length)],
        new ModelArray("dense_weights", _dense), new ModelArray("sparse_weights", _sparse),
        new ModelArray("bias", [_bias]));

    internal static LogisticModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        return new LogisticModel(
            content.Floats("dense_weights", content.Count("dense")),
            content.Floats("sparse_weights", content.Count("sparse")), content.Floats("bias", 1)[0]);
    }
}
