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
            new("count_shrinkage", Defaults.CountShrinkage, 0, 1_000_000, IsWhole: false,
                "Added to an item's count before the square root that divides its pairs."),
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
                CountShrinkage = values.Number("count_shrinkage"),
                Neighbours = values.Whole("neighbours"),
                HistoryLength = values.Whole("history_length"),
                RecencyDecay = values.Number("recency_decay"),
                HalfLifeDays = values.Number("half_life_days"),
            },
            context,
            cancellationToken),
        CoOccurrenceModel.Load);
}
