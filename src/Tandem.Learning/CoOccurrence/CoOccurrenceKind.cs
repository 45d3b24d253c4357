using Tandem.Learning.Catalogue;

namespace Tandem.Learning.CoOccurrence;

/// <summary>The catalogue entry of co-occurrence.</summary>
internal static class CoOccurrenceKind
{
    private static readonly CoOccurrenceOptions Defaults = new();

    public static ModelKind Kind { get; } = KindDefinition.Create(
        CoOccurrenceModel.KindName,
        "What usually comes next after the last few items; strong on sequences and at once up to date.",
        needsTimes: false,
        [
            new("reach", Defaults.Reach, 1, 1000, IsWhole: true, "Positions between the two items of a pair at most."),
            new("backward_weight", Defaults.BackwardWeight, 0, 1, IsWhole: false,
                "Weight of the later item pointing back, relative to forward."),
            new("distance_exponent", Defaults.DistanceExponent, 0, 10, IsWhole: false,
                "A pair at distance d weighs 1/d to this power; 0 makes all distances alike."),
            new("count_shrinkage", Defaults.CountShrinkage, 0, 1_000_000, IsWhole: false,
                "Added to an item's count before its pairs are divided by a power of it."),
            new("count_exponent", Defaults.CountExponent, 0, 1, IsWhole: false,
                "That power of the item that is scored; less of it favours what is popular."),
            new("asked_exponent", Defaults.AskedExponent, 0, 1, IsWhole: false,
                "That power of the item in the history; more of it lets rare items say more."),
            new("length_exponent", Defaults.LengthExponent, 0, 1, IsWhole: false,
                "A user's pairs weigh one over the count of their rows to this power."),
            new("neighbours", Defaults.Neighbours, 0, 1_000_000, IsWhole: true,
                "Neighbours kept an item; 0 keeps all."),
            new("history_length", Defaults.HistoryLength, 1, 1000, IsWhole: true,
                "Last items of the history that are asked."),
            new("recency_decay", Defaults.RecencyDecay, 0.01, 1, IsWhole: false,
                "Factor for each step back in the history."),
            new("half_life_days", Defaults.HalfLifeDays, 0, 36500, IsWhole: false,
                "Days in which a pair's weight halves, where times are known; 0 is never."),
        ],
        (values, rows, context, cancellationToken) => CoOccurrenceTrainer.Fit(
            rows,
            new CoOccurrenceOptions
            {
                Reach = values.Whole("reach"),
                BackwardWeight = values.Number("backward_weight"),
                DistanceExponent = values.Number("distance_exponent"),
                CountShrinkage = values.Number("count_shrinkage"),
                CountExponent = values.Number("count_exponent"),
                AskedExponent = values.Number("asked_exponent"),
                LengthExponent = values.Number("length_exponent"),
                Neighbours = values.Whole("neighbours"),
                HistoryLength = values.Whole("history_length"),
                RecencyDecay = values.Number("recency_decay"),
                HalfLifeDays = values.Number("half_life_days"),
            },
            context,
            cancellationToken),
        CoOccurrenceModel.Load);
}
