namespace Tandem.Learning.Ranking;

/// <summary>One metric of two models, and their difference, on the same resample of users.</summary>
internal sealed class PairedDifference : IResampleStatistics
{
    /// <summary>Places of the figures.</summary>
    public const int Champion = 0;

    public const int Challenger = 1;

    public const int Difference = 2;

    public const int Count = 3;

    private readonly ResampledMetrics _champion;
    private readonly ResampledMetrics _challenger;
    private readonly Judgement _championJudgement;
    private readonly Judgement _challengerJudgement;
    private readonly RankingMetric _metric;

    public PairedDifference(Judgement champion, Judgement challenger, string metric)
    {
        int index = champion.Metrics.ToList().FindIndex(known => known.Name == metric);
        _metric = index >= 0
            ? champion.Metrics[index]
            : throw new Faults.TandemException(LearningErrors.UnknownMetric(metric));
        _champion = new ResampledMetrics(champion);
        _challenger = new ResampledMetrics(challenger);
        _championJudgement = champion;
        _challengerJudgement = challenger;
    }

    public void Compute(ReadOnlySpan<int> drawCounts, Span<double> values)
    {
        values[Champion] = Figure(_champion, _championJudgement, drawCounts);
        values[Challenger] = Figure(_challenger, _challengerJudgement, drawCounts);
        values[Difference] = values[Challenger] - values[Champion];
    }

    private double Figure(ResampledMetrics statistics, Judgement judgement, ReadOnlySpan<int> drawCounts)
    {
        ReadOnlySpan<double> values = judgement.ValuesOf(_metric.Name);
        return _metric.Measure == RankingMeasure.Coverage
            ? statistics.Coverage(drawCounts, _metric.K)
            : ResampledMetrics.Mean(values, drawCounts);
    }
}
