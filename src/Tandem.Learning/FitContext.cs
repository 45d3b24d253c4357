namespace Tandem.Learning;

/// <summary>How to fit: seed, threads, progress. The same data, settings and seed give the same bytes whatever the
/// thread count.</summary>
public sealed record FitContext
{
    /// <summary>Seed of everything random, default 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads to use, at least 1; default all processors.</summary>
    public int ThreadCount { get; init; } = Environment.ProcessorCount;

    /// <summary>A fitted model to go on from, for kinds that can (<see cref="ModelKind.GoesOnFrom"/>); null, the default, begins
    /// anew.</summary>
    public WarmStart? WarmStart { get; init; }

    /// <summary>Receives the finished share, 0 to 1, or null.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>γ of the focal loss that a kind that takes it fits by instead of the log-loss; 0 for the log-loss. Set from
    /// <see cref="TrainingRows"/>.</summary>
    internal double FocalGamma { get; init; }
}
