using Tandem.Numerics;

namespace Tandem.Learning.Trees;

/// <summary>Log-loss of the softmax over classes.</summary>
internal sealed class SoftmaxObjective(LabelledRows rows) : IObjective
{
    private const double LeastShare = 1e-6;

    private readonly RowChunks _chunks = new(rows.Count);
    private readonly float[] _shares = new float[(long)rows.Count * rows.Target.Classes];
    private readonly int _classes = rows.Target.Classes;

    public float Start(int output)
    {
        float[] isClass = [.. rows.Labels.Select(label => (int)label == output ? 1f : 0f)];
        return (float)Math.Log(Math.Max(RowWeights.Mean(rows, isClass), LeastShare));
    }

    public void Prepare(float[][] scores, WorkerTeam team) => _chunks.Run(team, (_, start, end) =>
    {
        float[] none = new float[_classes];
        for (int row = start; row < end; row++)
        {
            Span<float> shares = _shares.AsSpan(row * _classes, _classes);
            for (int output = 0; output < _classes; output++)
            {
                shares[output] = scores[output][row];
            }

            Kernel.Softmax(1, none, shares);
        }
    });

    public void Derive(int output, float[][] scores, float[] first, float[] second, WorkerTeam team)
    {
        // A class's score moves against all others together, hence the factor (Friedman, 2001).
        float factor = _classes / (_classes - 1f);
        _chunks.Run(team, (_, start, end) =>
        {
            for (int row = start; row < end; row++)
            {
                float p = _shares[(row * _classes) + output];
                float weight = ColumnSample.WeightOf(rows, row);
                first[row] = weight * (p - ((int)rows.Labels[row] == output ? 1 : 0));
                second[row] = weight * factor * p * (1 - p);
            }
        });
    }

    public double? LeafQuantile(int output) => null;

    public double Loss(float[][] scores, ReadOnlySpan<int> some)
    {
        float[] exponents = new float[_classes];
        float[] none = new float[_classes];
        return RowWeights.Mean(rows, some, row =>
        {
            for (int output = 0; output < _classes; output++)
            {
                exponents[output] = scores[output][row];
            }

            return Kernel.Softmax(1, none, exponents) - scores[(int)rows.Labels[row]][row];
        });
    }
}
