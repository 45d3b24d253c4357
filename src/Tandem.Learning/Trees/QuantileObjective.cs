using Tandem.Numerics;

namespace Tandem.Learning.Trees;

/// <summary>Pinball loss, whose least point is a quantile: one score for each quantile asked for.</summary>
internal sealed class QuantileObjective(LabelledRows rows) : IObjective
{
    private readonly RowChunks _chunks = new(rows.Count);

    public float Start(int output)
    {
        double[] weights = [.. Enumerable.Range(0, rows.Count).Select(row => (double)ColumnSample.WeightOf(rows, row))];
        return (float)RowWeights.Quantile([.. rows.Labels], weights, rows.Count, rows.Target.Quantiles[output]);
    }

    public void Prepare(float[][] scores, WorkerTeam team)
    {
    }

    public void Derive(int output, float[][] scores, float[] first, float[] second, WorkerTeam team)
    {
        float share = (float)rows.Target.Quantiles[output];
        _chunks.Run(team, (_, start, end) =>
        {
            for (int row = start; row < end; row++)
            {
                float weight = ColumnSample.WeightOf(rows, row);
                first[row] = weight * (rows.Labels[row] > scores[output][row] ? -share : 1 - share);
                second[row] = weight;
            }
        });
    }

    public double? LeafQuantile(int output) => rows.Target.Quantiles[output];

    public double Loss(float[][] scores, ReadOnlySpan<int> some)
    {
        double loss = 0;
        for (int output = 0; output < rows.Target.Quantiles.Count; output++)
        {
            double share = rows.Target.Quantiles[output];
            float[] score = scores[output];
            loss += RowWeights.Mean(rows, some, row =>
            {
                double error = rows.Labels[row] - (double)score[row];
                return error > 0 ? share * error : (share - 1) * error;
            });
        }

        return loss;
    }
}
