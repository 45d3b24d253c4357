namespace Tandem.Features.Evaluation;

internal sealed partial class SeriesShelf
{
    /// <summary>Reads a value of an entity, and what is known of it, at one moment of the series.</summary>
    public OnlineValue Look(int entity, FeaturePlan plan, long asOf)
    {
        if (!Has(entity))
        {
            return new OnlineValue(FeatureValue.Null, FeatureStatus.NotFound, null);
        }

        lock (_gates[entity % GateCount])
        {
            EventSeries series = Live(entity);
            FeatureValue value = series.Value(plan, asOf);
            long? newest = series.NewestEvent(asOf);
            FeatureStatus status = !value.IsNull ? FeatureStatus.Present
                : newest is null ? FeatureStatus.NotFound
                : plan.MaximumAgeMicros > 0 && newest < asOf - plan.MaximumAgeMicros ? FeatureStatus.OutsideMaxAge
                : FeatureStatus.NullValue;
            return new OnlineValue(
                value, status, newest is { } time && Plan.Shape.HasTimes ? Micros.Moment(time) : null);
        }
    }
}
