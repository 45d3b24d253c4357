using Tandem.Numerics;

namespace Tandem.Learning.Trees;

/// <summary>Negative log-likelihood of counts whose mean has the score as its logarithm.</summary>
internal sealed class PoissonObjective(LabelledRows rows) : IObjective
{
    private const double LeastMean = 1e-6;

    /// <summary>The second derivative is taken larger, so that no step overshoots where means are small.</summary>
    private const double Damping = 0.7;

    private const double GreatestScore = 60;

    private readonly RowChunks _chunks = new(rows.Count);

    public float Start(int output) => (float)Math.Log(Math.Max(LeastMean, RowWeights.Mean(rows, rows.Labels)));

    public void Prepare(float[][] scores, WorkerTeam team)
    {
    }

    public void Derive(int output, float[][] scores, float[] first, float[] second, WorkerTeam team) =>
        _chunks.Run(team, (_, start, end) =>
        {
            for (int row = start; row < end; row++)
            {
                double mean = Math.Exp(Math.Min(scores[0][row], GreatestScore));
                double weight = ColumnSample.WeightOf(rows, row);
                first[row] = (float)(weight * (mean - rows.Labels[row]));
                second[row] = (float)(weight * mean * Math.Exp(Damping));
            }
        });

    public double? LeafQuantile(int output) => null;

    public double Loss(float[][] scores, ReadOnlySpan<int> some) => RowWeights.Mean(
        rows, some, row => Math.Exp(Math.Min(scores[0][row], GreatestScore)) - (rows.Labels[row] * scores[0][row]));
}
