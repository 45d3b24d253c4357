using System.Globalization;

namespace Tandem.Spec.Advice;

/// <summary>A question whose answer decides something about a design.</summary>
/// <param name="Key">Its name: a key of answers, and with hyphens a flag.</param>
/// <param name="Text">The question.</param>
/// <param name="Default">What is taken where nobody answers; empty where somebody must.</param>
/// <param name="Choices">The answers that there are; empty for a number or a length of time.</param>
public sealed record AdviceQuestion(string Key, string Text, string Default, IReadOnlyList<AdviceChoice> Choices)
{
    private static readonly AdviceQuestion[] All =
    [
        new("then", "What happens after a prediction?", "",
        [
            new(AdviceAnswers.Act, "do something or not"),
            new(AdviceAnswers.List, "show some of all items"),
            new(AdviceAnswers.Order, "sort what was found"),
            new(AdviceAnswers.Route, "send to one of several places"),
            new(AdviceAnswers.Quantity, "plan with a number"),
        ]),
        new("slots", "How many can be shown, or acted on, at a time? 0 for as many as there are", "0", []),
        new("cost_wrong", "What does acting wrongly cost (quantity: a unit too much), in any unit?", "1", []),
        new("cost_missed", "What does not acting wrongly cost (quantity: a unit too little), in the same unit?", "1", []),
        new("base_rate", "Of how large a share is it true, 0 to 1?", "0.1", []),
        new("label_delay", "How long until it is known whether a prediction was right, such as 10m or 7d?", "0", []),
        new("items", "How many items are there to choose from?", "10000", []),
        new("users", "How many users, or rows a day?", "10000", []),
        new("p99_ms", "Within how many milliseconds must an answer come?", "100", []),
    ];

    /// <summary>The questions, in the order in which they are asked.</summary>
    /// <param name="onto">A file that is to be changed: what it says is the default of the questions that it answers; null
    /// for a new one.</param>
    public static IReadOnlyList<AdviceQuestion> Onto(SpecFile? onto) => onto?.Spec is { } spec
        ? [.. All.Select(question => Said(question.Key, spec) is { } said ? question with { Default = said } : question)]
        : All;

    private static string? Said(string key, SystemSpec spec) => key switch
    {
        "then" => spec.Objective.Task switch
        {
            "binary" => AdviceAnswers.Act,
            "retrieval" => AdviceAnswers.List,
            LearningTask.Ranking => AdviceAnswers.Order,
            "multiclass" => AdviceAnswers.Route,
            "regression" => AdviceAnswers.Quantity,
            _ => null,
        },
        "slots" when spec.Objective.Task == "retrieval" => Typed(spec.Serving.Slots),
        "slots" when spec.Objective.Decision?.DailyCapacity is { } most => Typed(Math.Clamp(Math.Floor(most), 0, 1000)),
        "cost_wrong" when spec.Objective.FalsePositiveCost > 0 => Typed(spec.Objective.FalsePositiveCost),
        "cost_missed" when spec.Objective.FalseNegativeCost > 0 => Typed(spec.Objective.FalseNegativeCost),
        "label_delay" => DurationText.Write(spec.Training.Split.Gap),
        "items" when spec.Requirements.Items is { } items => Typed(items),
        "p99_ms" when spec.Requirements.P99Milliseconds is { } most => Typed(most),
        _ => null,
    };

    private static string Typed(double value) => value.ToString(CultureInfo.InvariantCulture);
}
