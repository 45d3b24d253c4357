namespace Tandem.Learning.Ranking;

/// <summary>One figure of two models, and their difference, on the same resample.</summary>
/// <param name="champion">Computes the figure of the model to beat.</param>
/// <param name="challenger">Computes that of the other.</param>
internal sealed class PairedDifference(IResampleStatistics champion, IResampleStatistics challenger) : IResampleStatistics
{
    /// <summary>Places of the figures.</summary>
    public const int Champion = 0;

    public const int Challenger = 1;

    public const int Difference = 2;

    public const int Count = 3;

    public void Compute(ReadOnlySpan<int> drawCounts, Span<double> values)
    {
        champion.Compute(drawCounts, values.Slice(Champion, 1));
        challenger.Compute(drawCounts, values.Slice(Challenger, 1));
        values[Difference] = values[Challenger] - values[Champion];
    }
}
