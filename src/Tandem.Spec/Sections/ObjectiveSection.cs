using Tandem.Spec.Grammar;

namespace Tandem.Spec.Sections;

/// <summary><c>objective</c>.</summary>
internal static class ObjectiveSection
{
    private static readonly Shape<double> Cost = Shapes.Number(0);

    private static readonly SectionShape<Costs> CostsShape =
        new SectionShape<Costs>("false_positive and false_negative", () => Costs.Of(Seed()))
            .Key("false_positive", Cost, s => s.FalsePositive, (s, v) => s with { FalsePositive = v },
                "Cost of acting wrongly, in any unit.")
            .Key("false_negative", Cost, s => s.FalseNegative, (s, v) => s with { FalseNegative = v },
                "Cost of not acting wrongly, in the same unit.");

    private static readonly SectionShape<LabelSpec> Label =
        new SectionShape<LabelSpec>("event, and what makes it a positive", () => new LabelSpec { Event = "" })
            .Required("event", Texts.Name, s => s.Event, (s, v) => s with { Event = v },
                "Source whose events are positives.")
            .Key("impression", Texts.Name.OrNothing(), s => s.Impression, (s, v) => s with { Impression = v },
                "Source of the impressions that the label answers; an impression without the event is a negative.")
            .Key("any_of", Words.Conditions, s => s.AnyOf, (s, v) => s with { AnyOf = v },
                "The event is a positive where any of these conditions holds. Without conditions it always is.")
            .Alias("when", Words.Condition, (s, v) => s with { AnyOf = [v] },
                "One condition: the short form of any_of.")
            .Key("columns", Shapes.List(Texts.Name, "columns", 1, 1000), s => s.Columns,
                (s, v) => s with { Columns = v },
                "For multilabel: the columns that hold 1 or 0, one a label.")
            .Alias("column", Texts.Name, (s, v) => s with { Columns = [v] },
                "Where each row is an example: the column that holds its label (1 or 0, a class, a number or a grade).")
            .Key("group", Texts.Name.OrNothing(), s => s.Group, (s, v) => s with { Group = v },
                "Where each row is an example: the column that says which rows belong together, such as the query " +
                "whose answers are ordered. No split divides a group, and intervals draw whole groups.")
            .Key("window", Shapes.Window, s => s.Window, (s, v) => s with { Window = v },
                "Time after the impression within which the event counts.")
            .Shorthand(Texts.Name, (s, v) => s with { Event = v }, s => s.Event)
            .Check((_, node, reading) =>
            {
                Together.Refuse("when", "any_of", node, reading);
                Together.Refuse("column", "columns", node, reading);
            });

    private static readonly Shape<string> By = new WordShape(DecisionSpec.Cost, DecisionSpec.ObservedCost);

    private static readonly SectionShape<SliceFloorSpec> Floor =
        new SectionShape<SliceFloorSpec>("by and recall", () => new SliceFloorSpec { By = "" })
            .Required("by", Texts.Any, s => s.By, (s, v) => s with { By = v },
                "The feature, view:feature, by whose values the rows are parted: its 20 most frequent ones, or quarters of a number with more.")
            .Required("recall", Shapes.Number(0, 1), s => s.Recall, (s, v) => s with { Recall = v },
                "Least share of the positives of each part that must be acted on.");

    private static readonly SectionShape<DecisionSpec> Decision =
        new SectionShape<DecisionSpec>("by, threshold, daily_capacity, abstain, floor", () => new DecisionSpec())
            .Key("by", By, s => s.By, (s, v) => s with { By = v },
                "How the threshold follows from the costs: from their ratio alone, which calibrated probabilities allow (cost), " +
                "or as the one that cost least on rows that the model did not see (observed_cost).")
            .Key("threshold", Shapes.Number(0, 1).OrNone(), s => s.Threshold, (s, v) => s with { Threshold = v },
                "Probability from which on one acts, in place of by.")
            .Key("daily_capacity", Shapes.Number(0).OrNone(), s => s.DailyCapacity, (s, v) => s with { DailyCapacity = v },
                "Acts a day at most, in place of by: the threshold is the lowest that keeps to it on average.")
            .Key("abstain", Shapes.List(Shapes.Number(0, 1), "numbers", 2, 2), s => s.Abstain,
                (s, v) => s with { Abstain = [.. v.Order()] },
                "Two probabilities: from the lower one on and below the higher one nobody decides, and somebody looks.")
            .Key("floor", Floor.OrNothing(), s => s.Floor, (s, v) => s with { Floor = v },
                "A model whose decision acts on fewer of the positives in some part of the rows is not promoted.")
            .Shorthand(By, (s, v) => s with { By = v }, s => s.By)
            .Check((_, node, reading) =>
            {
                Together.Refuse("by", "threshold", node, reading);
                Together.Refuse("by", "daily_capacity", node, reading);
                Together.Refuse("threshold", "daily_capacity", node, reading);
            });

    public static readonly SectionShape<ObjectiveSpec> Shape =
        new SectionShape<ObjectiveSpec>("task and label", Seed)
            .Key("goal", Texts.Any, s => s.Goal, (s, v) => s with { Goal = v },
                "The business goal in a sentence.")
            .Required("task", new WordShape(LearningTask.Names), s => s.Task, (s, v) => s with { Task = v },
                "The learning task that the goal becomes: retrieval orders all items for a user, ranking orders " +
                "those that were shown, binary predicts a probability.")
            .Required("label", Label, s => s.Label, (s, v) => s with { Label = v },
                "What is predicted: the name of the source of positives, or a mapping with event and conditions or columns.")
            .Key("quantiles", Shapes.List(Shapes.Number(0.001, 0.999), "numbers", 1, 20), s => s.Quantiles,
                (s, v) => s with { Quantiles = [.. v.Order()] },
                "For the task quantile: which are predicted.")
            .Key("treatment", Texts.Name.OrNothing(), s => s.Treatment, (s, v) => s with { Treatment = v },
                "For the task uplift, where each row is an example: the column that says, by 1 or 0, who was treated, at random.")
            .Key("interval", Shapes.Number(0.5, 0.999).OrNone(), s => s.Interval, (s, v) => s with { Interval = v },
                "For the tasks regression and quantile: share of new rows that intervals around predictions are to hold; " +
                "tandem evaluate says how many they do.")
            .Key("costs", CostsShape, Costs.Of,
                (s, v) => s with { FalsePositiveCost = v.FalsePositive, FalseNegativeCost = v.FalseNegative },
                "What mistakes cost; their ratio sets the threshold of a decision.")
            .Key("decision", Decision.OrNothing(), s => s.Decision, (s, v) => s with { Decision = v },
                "For the task binary: when a probability is acted on. Without it predictions are probabilities alone.");

    public static ObjectiveSpec Seed() => new() { Task = "", Label = new LabelSpec { Event = "" } };

    private sealed record Costs(double FalsePositive, double FalseNegative)
    {
        public static Costs Of(ObjectiveSpec objective) =>
            new(objective.FalsePositiveCost, objective.FalseNegativeCost);
    }
}
