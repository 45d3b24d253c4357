namespace Tandem.Learning.Ranking;

/// <summary>Figures of one resample of the users. One a worker, so that it may keep scratch.</summary>
internal interface IResampleStatistics
{
    /// <summary>Computes all figures.</summary>
    /// <param name="drawCounts">How often each judged user was drawn; they add up to the number of users.</param>
    /// <param name="values">Receives the figures.</param>
    void Compute(ReadOnlySpan<int> drawCounts, Span<double> values);
}
