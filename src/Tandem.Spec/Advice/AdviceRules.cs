using System.Globalization;
using System.Text.Json.Nodes;

namespace Tandem.Spec.Advice;

/// <summary>The one table of what answers decide. Of the rules of a key the first that holds speaks.</summary>
internal static class AdviceRules
{
    // Above it the matrix of all pairs of items no longer fits a machine.
    private const double MostItemsOfPairs = 20_000;
    private const double Rare = 0.01;
    private const double FewMilliseconds = 1;

    public static IReadOnlyList<AdviceRule> All { get; } =
    [
        Set("objective.task", Is(AdviceAnswers.List), _ => "retrieval",
            a => Invariant($"of {a.Items:N0} items {a.Cutoff} are shown: all of them are put into order for each user")),
        Set("objective.task", Is(AdviceAnswers.Order), _ => "ranking",
            _ => "what was found for a query is put into order, each query by itself"),
        Set("objective.task", Is(AdviceAnswers.Route), _ => "multiclass", _ => "each row goes to exactly one of several places"),
        Set("objective.task", a => IsQuantity(a) && !CostsAlike(a), _ => "quantile",
            a => Invariant($"too much costs {a.CostWrong}, too little {a.CostMissed}: the number to plan with is a quantile, not the mean")),
        Set("objective.task", IsQuantity, _ => "regression", _ => "errors to both sides cost alike: the number itself is predicted"),
        Set("objective.task", _ => true, _ => "binary", _ => "to act or not is decided row by row, by a probability"),
        Set("objective.label", Is(AdviceAnswers.List), _ => "choice", _ => "what a user chose is the positive"),
        Set("objective.label", Is(AdviceAnswers.Order), _ => Row(("column", "grade"), ("group", "query")),
            _ => "a grade says how right an answer is; only answers of one query are compared"),
        Set("objective.label", Is(AdviceAnswers.Route), _ => Row(("column", "class")), _ => "the place that turned out to be right"),
        Set("objective.label", IsQuantity, _ => Row(("column", "amount")), _ => "the number that came true"),
        Set("objective.label", _ => true, _ => Row(("column", "label")),
            a => $"1 where it came true within {(a.LabelDelay == TimeSpan.Zero ? "the time it takes" : DurationText.Write(a.LabelDelay))}, 0 where it did not"),
        Set("objective.quantiles", a => IsQuantity(a) && !CostsAlike(a), a => new JsonArray(Math.Round(ShareBelow(a), 3)),
            a => Invariant($"missed / (missed + wrong) = {ShareBelow(a):0.###}: there a unit more costs as much as it saves")),
        Set("objective.costs", Is(AdviceAnswers.Act),
            a => new JsonObject { ["false_positive"] = a.CostWrong, ["false_negative"] = a.CostMissed },
            a => Invariant($"acting pays from a probability of wrong / (wrong + missed) = {1 - ShareBelow(a):0.###} on")),
        Set("objective.decision", a => Is(AdviceAnswers.Act)(a) && a.Slots > 0, a => new JsonObject { ["daily_capacity"] = a.Slots },
            a => $"at most {a.Slots} can be acted on: the threshold follows from that"),
        Set("objective.decision", Is(AdviceAnswers.Act), _ => new JsonObject { ["by"] = DecisionSpec.Cost },
            _ => "the threshold follows from the costs, so long as probabilities are right"),
        Set("requirements.p99_ms", _ => true, a => a.P99Milliseconds, _ => "an answer that comes later helps nobody"),
        Set("requirements.items", Is(AdviceAnswers.List), a => Math.Ceiling(a.Items), _ => "the catalogue that must be held"),
        Set("sources", Is(AdviceAnswers.List),
            _ => new JsonObject { ["choice"] = new JsonArray("user", "item") }, _ => "each event names who chose what"),
        Set("sources", _ => true, a => new JsonObject { ["row"] = Source(a) },
            _ => "one row an example, with the moment at which it was predicted in the column time; every other column is a feature"),
        Set("model.retrieve", a => Is(AdviceAnswers.List)(a) && a.Items <= MostItemsOfPairs, _ => "ease",
            a => Invariant($"a weight between any two of {a.Items:N0} items fits into memory, and is hard to beat")),
        Set("model.retrieve", Is(AdviceAnswers.List), _ => "ials",
            a => Invariant($"factors grow with {a.Items:N0} items, not with their square")),
        Set("model.predict", a => Is(AdviceAnswers.Act)(a) && a.P99Milliseconds <= FewMilliseconds, _ => "logistic",
            a => Invariant($"{a.P99Milliseconds} ms leave time for a weighted sum")),
        Set("model.predict", a => !Is(AdviceAnswers.List)(a), _ => "boosted_trees", _ => "the strongest on tables, missing values and all"),
        Set("training.candidates", Is(AdviceAnswers.List), _ => new JsonArray("item_item"),
            _ => "the simplest that may do: keep it where the interval of the difference holds 0"),
        Set("training.candidates", a => Is(AdviceAnswers.Act)(a) && a.P99Milliseconds > FewMilliseconds, _ => new JsonArray("logistic"),
            _ => "the simplest that may do: keep it where the interval of the difference holds 0"),
        Set("training.imbalance", a => Is(AdviceAnswers.Act)(a) && a.BaseRate < Rare, _ => "down_sample",
            a => Invariant($"of {1 / a.BaseRate:N0} rows one is positive: the other negatives repeat themselves, and scores are shifted back to the true rate")),
        Set("training.imbalance", Is(AdviceAnswers.Act), _ => LearningTask.None,
            a => Invariant($"at {100 * a.BaseRate:0.##} % positives the log-loss needs no help: made-up rows only distort probabilities")),
        Set("training.split", Is(AdviceAnswers.List), a => Split(a, ("test", "1d")), ByTime),
        Set("training.split", _ => true, a => Split(a, ("share", 0.2)), ByTime),
        Set("evaluation.metrics", Is(AdviceAnswers.List),
            a => new JsonArray($"ndcg@{a.Cutoff}", "recall@100", $"coverage@{a.Cutoff}"), _ => "the first places count, then what retrieval brings up, and how much of the catalogue is seen"),
        Set("evaluation.metrics", Is(AdviceAnswers.Order), a => new JsonArray($"ndcg@{a.Cutoff}", "mrr"), _ => "the first places count most"),
        Set("evaluation.metrics", Is(AdviceAnswers.Route), _ => new JsonArray("log_loss", "f1", "accuracy"), _ => "f1 weighs rare classes like common ones"),
        Set("evaluation.metrics", a => IsQuantity(a) && !CostsAlike(a), _ => new JsonArray("pinball_loss"), _ => "the loss that this quantile is best for"),
        Set("evaluation.metrics", IsQuantity, _ => new JsonArray("mae", "rmse"), _ => "in the unit of the number; the second punishes large misses"),
        Set("evaluation.metrics", a => a.Slots > 0, a => new JsonArray($"precision@{a.Slots}", "pr_auc", "log_loss", "ece"),
            a => $"the first {a.Slots} are acted on; ece says whether probabilities can be believed"),
        Set("evaluation.metrics", _ => true, _ => new JsonArray("log_loss", "pr_auc", "roc_auc", "ece"), _ => "ece says whether probabilities can be believed"),
        Set("evaluation.baselines", Is(AdviceAnswers.List), _ => new JsonArray("popular"), _ => "what everybody gets without a model"),
        Set("evaluation.baselines", _ => true, _ => new JsonArray("constant"), _ => "what can be said without looking at a row"),
        Set("evaluation.gate", Is(AdviceAnswers.List), a => Gate($"ndcg@{a.Cutoff}", "popular"), _ => "what is shown decides"),
        Set("evaluation.gate", Is(AdviceAnswers.Order), a => Gate($"ndcg@{a.Cutoff}", "constant"), _ => "what stands first decides"),
        Set("evaluation.gate", Is(AdviceAnswers.Route), _ => Gate("log_loss", "constant"), _ => "believable probabilities decide ties between places"),
        Set("evaluation.gate", a => IsQuantity(a) && !CostsAlike(a), _ => Gate("pinball_loss", "constant"), _ => "it is what errors cost"),
        Set("evaluation.gate", IsQuantity, _ => Gate("mae", "constant"), _ => "it is what errors cost"),
        Set("evaluation.gate", a => a.Slots > 0, a => Gate($"precision@{a.Slots}", "constant"),
            a => $"only {a.Slots} are acted on: how many of them are right decides"),
        Set("evaluation.gate", _ => true, _ => Gate("log_loss", "constant"),
            _ => "acting from a probability on needs probabilities that are right, not an order alone"),
        Set("serving.slots", Is(AdviceAnswers.List), a => a.Cutoff, _ => "places to fill"),
        Set("serving.candidate_count", Is(AdviceAnswers.List), a => Math.Max(100, 10 * a.Cutoff),
            _ => "ten for each place leave rules something to take away"),
    ];

    private static AdviceRule Set(
        string path, Func<AdviceAnswers, bool> holds, Func<AdviceAnswers, JsonNode> value, Func<AdviceAnswers, string> reason) =>
        new(path, holds, value, reason);

    private static Func<AdviceAnswers, bool> Is(string then) => answers => answers.Then == then;

    private static bool IsQuantity(AdviceAnswers answers) => answers.Then == AdviceAnswers.Quantity;

    private static bool CostsAlike(AdviceAnswers answers) => answers.CostWrong.Equals(answers.CostMissed);

    private static double ShareBelow(AdviceAnswers answers) =>
        Math.Clamp(answers.CostMissed / (answers.CostMissed + answers.CostWrong), 0.001, 0.999);

    private static JsonObject Row(params (string Key, string Value)[] keys)
    {
        JsonObject label = new() { ["event"] = "row" };
        foreach ((string key, string value) in keys)
        {
            label[key] = value;
        }

        return label;
    }

    private static JsonObject Source(AdviceAnswers answers) => new()
    {
        ["columns"] = answers.Then switch
        {
            AdviceAnswers.Order => new JsonObject { ["grade"] = "whole", ["query"] = "text" },
            AdviceAnswers.Route => new JsonObject { ["class"] = "text" },
            AdviceAnswers.Quantity => new JsonObject { ["amount"] = "number" },
            _ => new JsonObject { ["label"] = "flag" },
        },
        ["import"] = new JsonObject { ["format"] = "csv", ["files"] = "rows.csv" },
    };

    private static JsonObject Split(AdviceAnswers answers, (string Key, JsonNode Value) test)
    {
        JsonObject split = new() { ["by"] = SplitSpec.Time, [test.Key] = test.Value };
        if (answers.LabelDelay > TimeSpan.Zero)
        {
            split["gap"] = DurationText.Write(answers.LabelDelay);
        }

        return split;
    }

    private static string ByTime(AdviceAnswers answers) => answers.LabelDelay == TimeSpan.Zero
        ? "it will be used on what comes later, so it is judged on what came later"
        : $"it will be used on what comes later; a label takes {DurationText.Write(answers.LabelDelay)} to be known, so rows of that time are seen by nobody";

    private static JsonObject Gate(string metric, string beats) => new() { ["metric"] = metric, ["beats"] = beats };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
