using Tandem.Numerics;

namespace Tandem.Learning.Trees;

/// <summary>What boosting lowers: a loss of the scores, with its derivatives row by row.</summary>
internal interface IObjective
{
    /// <summary>The score that every row starts from.</summary>
    /// <param name="output">Which score.</param>
    float Start(int output);

    /// <summary>Looks at the scores at the start of a round.</summary>
    void Prepare(float[][] scores, WorkerTeam team);

    /// <summary>Derivatives of the loss by one score.</summary>
    /// <param name="output">Which score.</param>
    /// <param name="scores">Scores of all rows, (outputs, rows).</param>
    /// <param name="first">Receives the first derivatives.</param>
    /// <param name="second">Receives the second derivatives, ≥ 0.</param>
    /// <param name="team">Threads.</param>
    void Derive(int output, float[][] scores, float[] first, float[] second, WorkerTeam team);

    /// <summary>The quantile of what is left over that a leaf gives, or null where it gives −G / (H + λ).</summary>
    double? LeafQuantile(int output);

    /// <summary>Mean loss of some rows, or something else that is lower for better scores.</summary>
    double Loss(float[][] scores, ReadOnlySpan<int> rows);
}
