using Tandem.Events;

namespace Tandem.Features;

public sealed partial class FeatureStore
{
    private const int Attempts = 3;

    /// <summary>Runs reads that all see the log up to the same place, however fast events are applied
    /// meanwhile.</summary>
    /// <param name="reads">Reads values of this store; may run more than once, the last time counts.</param>
    /// <returns>The place: the reads saw every event before it and none from it on.</returns>
    /// <remarks>Nothing is locked while nothing is applied. Where batches keep coming between the reads, the last attempt
    /// holds the next batch back.</remarks>
    public JournalPosition ReadTogether(Action reads)
    {
        ArgumentNullException.ThrowIfNull(reads);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            // Odd: a batch is half applied.
            long before = Volatile.Read(ref _changes);
            if ((before & 1) == 0)
            {
                JournalPosition place = AppliedUntil;
                reads();
                Interlocked.MemoryBarrier();
                if (Volatile.Read(ref _changes) == before)
                {
                    return place;
                }
            }
        }

        lock (_applying)
        {
            reads();
            return AppliedUntil;
        }
    }
}
