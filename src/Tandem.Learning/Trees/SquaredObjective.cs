using Tandem.Numerics;

namespace Tandem.Learning.Trees;

/// <summary>Half the squared error of a number.</summary>
internal sealed class SquaredObjective(LabelledRows rows) : IObjective
{
    private readonly RowChunks _chunks = new(rows.Count);

    public float Start(int output) => (float)RowWeights.Mean(rows, rows.Labels);

    public void Prepare(float[][] scores, WorkerTeam team)
    {
    }

    public void Derive(int output, float[][] scores, float[] first, float[] second, WorkerTeam team) =>
        _chunks.Run(team, (_, start, end) =>
        {
            for (int row = start; row < end; row++)
            {
                float weight = ColumnSample.WeightOf(rows, row);
                first[row] = weight * (scores[0][row] - rows.Labels[row]);
                second[row] = weight;
            }
        });

    public double? LeafQuantile(int output) => null;

    public double Loss(float[][] scores, ReadOnlySpan<int> some) => RowWeights.Mean(rows, some, row =>
    {
        double error = scores[0][row] - (double)rows.Labels[row];
        return 0.5 * error * error;
    });
}
