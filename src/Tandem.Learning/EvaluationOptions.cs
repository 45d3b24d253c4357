namespace Tandem.Learning;

/// <summary>What is measured, and how sure one wants to be.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Metric names; see <see cref="Evaluation.MetricPatterns"/>, and for rows
    /// <see cref="RowEvaluation.MetricsOf"/>.</summary>
    public IReadOnlyList<string> Metrics { get; init; } =
        ["recall@20", "ndcg@20", "hr@10", "ndcg@10", "mrr", "coverage@20", "novelty@20"];

    /// <summary>Resamples of the intervals, ≥ 0, default 1000; 0 gives none.</summary>
    public int BootstrapSamples { get; init; } = 1000;

    /// <summary>The same with resamples enough to compare by: 100 at least.</summary>
    public EvaluationOptions Paired => this with { BootstrapSamples = Math.Max(100, BootstrapSamples) };

    /// <summary>Seed of the resamples, default 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Items drawn for each user to rank the right ones among, ≥ 0; 0, the default, ranks all items. Sampled
    /// figures are good for comparing with a paper that has them and for nothing else: they order models otherwise than
    /// full ones (Krichene and Rendle, <em>On Sampled Metrics for Item Recommendation</em>, 2020).</summary>
    public int SampledItems { get; init; }

    /// <summary>Probability, 0 to 1, from which on a row counts as predicted positive; default 0.5. Changes accuracy,
    /// precision, recall, F1 and the geometric mean.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Threads to use, ≥ 1; default all processors. Changes no figure.</summary>
    public int ThreadCount { get; init; } = Environment.ProcessorCount;

    /// <summary>Clock that measures <see cref="Judgement.Seconds"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
