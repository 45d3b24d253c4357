namespace Tandem.Learning.Rows;

/// <summary>Binary rows by falling probability: those acted on as a threshold falls.</summary>
internal sealed class DecidedRows
{
    private readonly RowScores _scores;
    private readonly int[] _order;

    public DecidedRows(RowScores scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual((int)scores.Target.Kind, (int)RowTargetKind.Binary, nameof(scores));
        RowScores.ThrowUnlessSound(scores);
        _scores = scores;
        _order = [.. Enumerable.Range(0, scores.Count).OrderByDescending(row => scores.Values[row])];
    }

    public int Count => _order.Length;

    /// <summary>Cost of one decision on all rows.</summary>
    public double CostOf(Decision decision, DecisionCosts costs) =>
        _order.Sum(row => Weight(row) * costs.Of(decision, _scores.Labels[row] > 0));

    /// <summary>Acts on the rows of the next probability, too.</summary>
    /// <returns>How many are acted on then, and what the cost changes by.</returns>
    public (int Next, double Change) Step(int at, DecisionCosts costs)
    {
        double change = 0;
        int next = at;
        for (; next < Count && _scores.Values[_order[next]] == _scores.Values[_order[at]]; next++)
        {
            bool isPositive = _scores.Labels[_order[next]] > 0;
            change += Weight(_order[next]) * (costs.Of(Decision.Act, isPositive) - costs.Of(Decision.Pass, isPositive));
        }

        return (next, change);
    }

    /// <summary>A probability half-way between that of the last row acted on and that of the next.</summary>
    public double Between(int next) => next == Count ? 0 : (Probability(next - 1) + Probability(next)) / 2;

    private double Probability(int at) => LogOdds.ToProbability(_scores.Values[_order[at]]);

    private double Weight(int row) => _scores.Weights.Length == 0 ? 1 : _scores.Weights[row];
}
