using Tandem.Events;
using Tandem.Features;
using Tandem.Serving;

namespace Tandem.Workspace;

/// <content>What the online features take, and how soon they know of an event.</content>
public sealed partial class TandemWorkspace
{
    private readonly ServingMeter _freshness = new();
    private DateTimeOffset _servingSince;

    /// <summary>Counts how long a batch took from the append of its newest event until features knew it; what was in the
    /// log before this process served is no measure of it.</summary>
    private void CountFreshness(JournalBatch? batch)
    {
        if (batch is { Events: [.., EventRecord newest] } && newest.KnownTime >= _servingSince)
        {
            _freshness.Count(_options.Clock.GetUtcNow() - newest.KnownTime, isFallback: false);
        }
    }

    private FeatureNumbers FeatureSnapshotNumbers()
    {
        FeatureMemory memory = _features?.Memory ?? new FeatureMemory(0, 0, 0, 0, 0, 0, 0, 0);
        return new FeatureNumbers(
            _views.Count, _views.Sum(static view => view.Features.Count), _lastRun?.TrainingSet,
            _activity?.UserCount ?? 0, _server is null ? "memory" : "PostgreSQL", memory.Bytes,
            memory.Limit == long.MaxValue ? 0 : memory.Limit, memory.DiskBytes, memory.Hits, memory.Misses,
            memory.Evictions, _freshness.QuantileMilliseconds(0.5), _freshness.QuantileMilliseconds(0.99));
    }
}
