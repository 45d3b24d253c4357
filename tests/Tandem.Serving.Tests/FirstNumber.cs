using Tandem.Learning;

namespace Tandem.Serving.Tests;

/// <summary>Scores a row by its first dense number.</summary>
internal sealed class FirstNumber(int denseCount, float factor = 1) : IRowScorer
{
    public string Kind => "first";

    public int DenseCount => denseCount;

    public int SparseCount => 0;

    public void ScoreRows(in FeatureRows rows, Span<float> scores)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            // A missing number is the mean of 0, less than any play.
            scores[row] = factor * (rows.Dense[row * denseCount] - rows.Dense[(row * denseCount) + 1]);
        }
    }

    public void Save(Stream target) => throw new NotSupportedException();
}
