using Tandem.Learning.Catalogue;

namespace Tandem.Learning.Markov;

/// <summary>The catalogue entry of Markov chains.</summary>
internal static class MarkovKind
{
    private static readonly MarkovOptions Defaults = new();

    public static ModelKind Kind { get; } = KindDefinition.Create(
        MarkovModel.KindName,
        "Probability of what comes next after the last items, backed off to popularity; the baseline of sequences.",
        needsTimes: false,
        [
            new("steps", Defaults.Steps, 1, 1000, IsWhole: true, "Steps ahead that count as a transition."),
            new("step_decay", Defaults.StepDecay, 0.01, 1, IsWhole: false, "Factor of each step further."),
            new("smoothing", Defaults.Smoothing, 0, 1_000_000, IsWhole: false,
                "Transitions that the popular answer counts for beside an item's own."),
            new("neighbours", Defaults.Neighbours, 0, 1_000_000, IsWhole: true,
                "Neighbours kept an item; 0 keeps all."),
            new("history_length", Defaults.HistoryLength, 1, 1000, IsWhole: true,
                "Last items of the history that are asked."),
            new("recency_decay", Defaults.RecencyDecay, 0.01, 1, IsWhole: false,
                "Factor for each step back in the history."),
            new("half_life_days", Defaults.HalfLifeDays, 0, 36500, IsWhole: false,
                "Days in which a transition's weight halves, where times are known; 0 is never."),
        ],
        (values, rows, context, cancellationToken) => MarkovTrainer.Fit(
            rows,
            new MarkovOptions
            {
                Steps = values.Whole("steps"),
                StepDecay = values.Number("step_decay"),
                Smoothing = values.Number("smoothing"),
                Neighbours = values.Whole("neighbours"),
                HistoryLength = values.Whole("history_length"),
                RecencyDecay = values.Number("recency_decay"),
                HalfLifeDays = values.Number("half_life_days"),
            },
            context,
            cancellationToken),
        MarkovModel.Load);
}
