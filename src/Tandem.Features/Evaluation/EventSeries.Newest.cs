namespace Tandem.Features.Evaluation;

internal sealed partial class EventSeries
{
    /// <summary>Finds when the newest event happened of those that had happened and were known at a moment; null where
    /// there was none.</summary>
    public long? NewestEvent(long asOf)
    {
        int newest = LowerBound(_plan.IncludesNow ? asOf + 1 : asOf) - 1;
        while (newest >= 0 && _events[newest].KnownTime > asOf)
        {
            newest--;
        }

        return newest < 0 ? null : _events[newest].EventTime;
    }
}
