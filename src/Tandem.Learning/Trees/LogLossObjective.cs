using Tandem.Numerics;

namespace Tandem.Learning.Trees;

/// <summary>Log-loss of log-odds, of one label a row or of several heads.</summary>
internal sealed class LogLossObjective : IObjective
{
    /// <summary>Least share of positives that a head starts from: a head without any must start somewhere.</summary>
    private const double LeastShare = 1e-6;

    private readonly LabelledRows _rows;
    private readonly float[][] _labels;
    private readonly RowChunks _chunks;

    public LogLossObjective(LabelledRows rows)
    {
        _rows = rows;
        _chunks = new RowChunks(rows.Count);
        int heads = rows.Target.LabelCount;
        _labels = new float[heads][];
        for (int head = 0; head < heads; head++)
        {
            _labels[head] = new float[rows.Count];
            for (int row = 0; row < rows.Count; row++)
            {
                _labels[head][row] = rows.Labels[(row * heads) + head];
            }
        }
    }

    public float Start(int output)
    {
        double share = Math.Clamp(RowWeights.Mean(_rows, _labels[output]), LeastShare, 1 - LeastShare);
        return (float)Math.Log(share / (1 - share));
    }

    public void Prepare(float[][] scores, WorkerTeam team)
    {
    }

    public void Derive(int output, float[][] scores, float[] first, float[] second, WorkerTeam team) =>
        _chunks.Run(team, (_, start, end) => Kernel.LogLossGradients(
            scores[output].AsSpan(start, end - start), _labels[output].AsSpan(start, end - start),
            _rows.Weights.Length == 0 ? [] : _rows.Weights.AsSpan(start, end - start),
            first.AsSpan(start, end - start), second.AsSpan(start, end - start)));

    public double? LeafQuantile(int output) => null;

    public double Loss(float[][] scores, ReadOnlySpan<int> rows)
    {
        double loss = 0;
        for (int head = 0; head < _labels.Length; head++)
        {
            float[] labels = _labels[head];
            float[] score = scores[head];
            loss += RowWeights.Mean(_rows, rows, row => LogOdds.LossOf(score[row], labels[row] > 0));
        }

        return loss;
    }
}
