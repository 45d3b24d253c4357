using Tandem.Learning.Ranking;

namespace Tandem.Learning.Rows;

/// <summary>Figures of one model on a resample of its rows. One a worker: it keeps the weights.</summary>
internal sealed class ResampledRows(JudgedRows rows, RowUnits units, params RowStatistic[] statistics) : IResampleStatistics
{
    private readonly double[] _weights = new double[rows.Scores.Count];

    public void Compute(ReadOnlySpan<int> drawCounts, Span<double> values)
    {
        rows.Weigh(drawCounts, units.OfRow, _weights);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = statistics[i](_weights);
        }
    }
}
