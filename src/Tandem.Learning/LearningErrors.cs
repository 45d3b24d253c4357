using System.Globalization;
using Tandem.Faults;

namespace Tandem.Learning;

/// <summary>Everything this room can complain about, with its codes.</summary>
internal static class LearningErrors
{
    public static Fault UnknownKind(string name, IReadOnlyList<string> known) =>
        new("LRN001", $"There is no model kind '{name}'.", $"Choose one of: {string.Join(", ", known)}.")
        {
            Kind = FaultKind.NotFound,
            Nearest = NearestName.Find(name, known),
        };

    public static Fault UnknownParameter(string kind, string name, IReadOnlyList<string> known) =>
        new("LRN002", $"'{kind}' has no parameter '{name}'.", known.Count == 0
            ? "Remove it: this kind has no parameters."
            : $"Remove it, or choose one of: {string.Join(", ", known)}.")
        {
            Nearest = NearestName.Find(name, known),
        };

    public static Fault ParameterOutOfRange(string kind, ModelParameter parameter, double value) =>
        new(
            "LRN003",
            Invariant($"Parameter '{parameter.Name}' of '{kind}' is {value}."),
            Invariant($"Set it to {parameter.Default}, the default, or another value in the range."))
        {
            Expected = Invariant(
                $"a {(parameter.IsWhole ? "whole number" : "number")} from {parameter.Minimum} to {parameter.Maximum}"),
        };

    public static Fault NeedsTimes(string kind) =>
        new(
            "LRN004",
            $"Model kind '{kind}' weighs rows by age, and these rows have no times.",
            "Give the source an event time, or choose a kind that does not need times, such as 'popular'.");

    public static Fault NoRows(string kind) =>
        new(
            "LRN005",
            $"Model kind '{kind}' was given no rows to learn from.",
            "Widen the training window, or check that the label rule matches any event.");

    public static Fault Diverged(string kind, int epoch) =>
        new(
            "LRN006",
            Invariant($"The normal equations of '{kind}' could not be solved in epoch {epoch}: not positive definite."),
            "Raise 'regularisation' or 'unobserved_weight'.");

    public static Fault UnknownMetric(string name) =>
        new(
            "LRN007",
            $"There is no metric '{name}'.",
            "Choose recall@k, ndcg@k, hr@k, mrr, coverage@k, novelty@k, popularity_lift@k or popularity_shift@k, with k " +
            "from 1 to 1000.")
        {
            Nearest = NearestName.Find(
                name,
                [
                    "recall@20", "ndcg@20", "hr@10", "mrr", "coverage@20", "novelty@20", "popularity_lift@20",
                    "popularity_shift@20",
                ]),
        };

    public static Fault UnknownRowMetric(string name, RowTargetKind target, IReadOnlyList<string> known) =>
        new(
            "LRN019",
            $"There is no metric '{name}' for labels of the target '{Word(target)}'.",
            $"Choose one of: {string.Join(", ", known)}, with k a whole number from 1 to {Rows.RowMetrics.MaximumCutoff}.")
        {
            Nearest = NearestName.Find(name, known),
        };

    public static Fault UnknownCalibration(string name, RowTargetKind target, IReadOnlyList<string> known) =>
        new(
            "LRN070",
            $"Scores of the target '{Word(target)}' are not calibrated by '{name}'.",
            $"Choose one of: {string.Join(", ", known)}.")
        {
            Nearest = NearestName.Find(name, known),
        };

    public static Fault DamagedRule(string what) =>
        new("LRN071", $"These bytes are no rule for decisions: {what}", "Restore the file from a backup, or train again.")
        {
            Kind = FaultKind.Damaged,
        };

    public static Fault OneArm() =>
        new(
            "LRN072", "Of these rows nobody was treated, or everybody.",
            "Uplift is a difference: give rows of both, drawn at random.");

    public static Fault NobodyToJudge(string split) =>
        new(
            "LRN008",
            $"The split '{split}' left no user with both a test row and an item to rank.",
            "Use a longer test window, or another split.");

    public static Fault NotAModel(string found) =>
        new("LRN010", $"This is no Tandem model: it starts with {found}.", "Check the path, or train the model again.")
        {
            Expected = "the bytes TANDEMML",
        };

    public static Fault NewerFormat(uint found, uint newest) =>
        new(
            "LRN011",
            Invariant($"The model was written in format {found}; this build reads up to {newest}."),
            "Upgrade Tandem, or train the model again.")
        {
            Kind = FaultKind.Unsupported,
        };

    public static Fault Damaged(string what) =>
        new("LRN012", $"The model's bytes are damaged: {what}.", "Restore the file from a backup, or train it again.")
        {
            Kind = FaultKind.Damaged,
        };

    public static Fault OtherKind(string found, string expected) =>
        new("LRN013", $"The file holds a model of kind '{found}'.", "Load it by its own kind.")
        {
            Expected = $"a model of kind '{expected}'",
        };

    public static Fault DamagedEvaluation(string what) =>
        new("LRN014", $"These bytes are no evaluation: {what}", "Restore the file from a backup, or evaluate again.")
        {
            Kind = FaultKind.Damaged,
        };

    public static Fault OneClass(string kind, bool isPositive) =>
        new(
            "LRN015",
            $"Model kind '{kind}' was given {(isPositive ? "positives" : "negatives")} only.",
            "Widen the training window, or look at the label rule: it must tell positives from negatives.");

    public static Fault OtherTarget(string kind, RowTargetKind target, IReadOnlyList<RowTargetKind> known) =>
        new(
            "LRN018",
            $"Model kind '{kind}' does not learn labels of the target '{Word(target)}'.",
            $"Choose another kind, or change the task: this one learns {string.Join(", ", known.Select(Word))}.");

    public static Fault TableTooLong(string kind, int inputs, int width) =>
        new(
            "LRN040",
            Invariant($"Model kind '{kind}' would keep {width:N0} numbers for each of {inputs:N0} inputs: too many for one table."),
            "Lower 'factors', encode categories in fewer columns, or choose fm or ftrl.");

    public static Fault NoGroups(string kind) =>
        new(
            "LRN041",
            $"Model kind '{kind}' was given grades without groups: nothing says which rows are ordered among each other.",
            "Name the column of the group, such as the query.");

    public static Fault NoFocalLoss(string kind) =>
        new(
            "LRN050",
            $"Model kind '{kind}' cannot be fitted by the focal loss.",
            "Choose a kind that is fitted by gradients, such as logistic, or another method for rare positives.");

    public static Fault NotRare(string method, RowTargetKind target) =>
        new(
            "LRN051",
            $"'{method}' is for labels of 1 and 0, and these are of the target '{Word(target)}'.",
            "Set training.imbalance to none.");

    public static Fault NoDistance(string method, string why) =>
        new(
            "LRN052",
            $"'{method}' looks for rows that are near, and cannot measure how near they are: {why}.",
            "Encode missing values, or choose a method that measures nothing: class_weight or down_sample.");

    public static Fault TooFewPositives(string method, int positives, int neighbours) =>
        new(
            "LRN053",
            Invariant($"'{method}' looks for {neighbours} neighbours of each positive, and there are {positives} positives."),
            positives > 1
                ? Invariant($"Set 'neighbours' to {positives - 1} or fewer, or choose class_weight.")
                : "Choose class_weight: nothing lies between one positive and itself.");

    public static Fault NoBorder(string method, string why) =>
        new("LRN054", $"'{method}' has nothing to begin from: {why}.", "Choose smote, or class_weight.");

    public static Fault NothingLeft(string method, int negatives) =>
        new(
            "LRN055",
            Invariant($"'{method}' would drop all {negatives} negatives: each lies among positives."),
            "Choose class_weight; or lower 'neighbours', or raise 'most_positives', of edited_neighbours.");

    public static Fault UnknownImbalance(string name, IReadOnlyList<string> known) =>
        new(
            "LRN056", $"There is no method '{name}' for rare positives.",
            $"Choose one of: {string.Join(", ", known)}.")
        {
            Kind = FaultKind.NotFound,
            Nearest = NearestName.Find(name, known),
        };

    public static Fault TooManyRows(string method, double rows, int width) =>
        new(
            "LRN057",
            Invariant($"'{method}' would make {rows:N0} rows of {width} numbers: more than fit in memory at once."),
            "Lower 'rate', or choose class_weight or down_sample.");

    public static Fault TooWide(string method, int rows, int width) =>
        new(
            "LRN058",
            Invariant($"'{method}' would compare {rows:N0} rows by {width:N0} numbers and categories: more than fit in memory at once."),
            "Leave out, by 'encoders' of kind none, columns in which nearly every row says something else; or choose class_weight or down_sample.");

    public static Fault TooLarge(string kind, int items, long needed, int allowed) =>
        new(
            "LRN016",
            Invariant($"Model kind '{kind}' would take {needed:N0} MiB for {items:N0} items; it may take {allowed:N0}."),
            "Raise 'memory_mb' where this machine has that much, or choose graph_filter or ials.");

    public static Fault UnevenHeads(int factors, int heads) =>
        new(
            "LRN020",
            Invariant($"{factors} factors cannot be divided among {heads} heads of attention."),
            Invariant($"Set 'factors' to a multiple of {heads}, or 'heads' to a divisor of {factors}."));

    public static Fault BadVector(int row) =>
        new(
            "LRN031",
            Invariant($"Vector {row} holds something that is no number, or its squared length is beyond float32."),
            "Train the model again; where it diverged, raise its regularisation.");

    public static Fault BadQuery() =>
        new(
            "LRN032",
            "The query holds something that is no number, or its squared length is beyond float32.",
            "Look at the features or the history that the query was made from.");

    public static Fault NotAnIndex(string found) =>
        new("LRN033", $"This is no index of vectors: it starts with {found}.", "Check the path, or build it again.")
        {
            Expected = "the bytes TANDEMNN",
        };

    public static Fault NewerIndex(uint found, uint newest) =>
        new(
            "LRN034",
            Invariant($"The index was written in format {found}; this build reads up to {newest}."),
            "Upgrade Tandem, or build the index again.")
        {
            Kind = FaultKind.Unsupported,
        };

    public static Fault DamagedIndex(string what) =>
        new("LRN035", $"The index's bytes are damaged: {what}.", "Build it again.")
        {
            Kind = FaultKind.Damaged,
        };

    public static Fault OtherVectors(int count, int dimension, int givenCount, int givenDimension) =>
        new(
            "LRN036",
            Invariant(
                $"The index is of {count} × {dimension} numbers, and not of these {givenCount} × {givenDimension}."),
            "Build it again from these vectors, or open it with the model that it belongs to.");

    public static Fault RanAway(string kind, int epoch) =>
        new(
            "LRN017",
            Invariant($"Training of '{kind}' ran away in epoch {epoch}: its factors are no longer finite."),
            "Lower 'learning_rate', or 'regularisation' where it is above 1.");

    public static Fault GradientsRanAway() =>
        new(
            "LRN042",
            "Boosting ran away: the labels, or the scores, are too large for float32.",
            "Scale the labels, or lower 'learning_rate'.");

    public static Fault TreesTooLarge(int rows, int columns, long needed, int allowed) =>
        new(
            "LRN043",
            Invariant($"Trees on {rows:N0} rows of {columns:N0} columns of bytes would take {needed:N0} MiB; they may take {allowed:N0}."),
            "Raise 'memory_mb' where this machine has that much, or give fewer columns, rows or 'leaves'.");

    public static Fault OtherForest(int dense, int sparse, int givenDense, int givenSparse) =>
        new(
            "LRN044",
            Invariant(
                $"The former model is of {dense} + {sparse} columns or another target, and not of these {givenDense} + {givenSparse}."),
            "Continue with rows that were encoded as its own were, or start anew.");

    public static Fault NoTreeFile(string of, string what) =>
        new("LRN045", $"This is no model of {of}: {what}.", "Check the path, and save the model again.")
        {
            Kind = FaultKind.Damaged,
        };

    public static Fault OtherTrees(string of, string what) =>
        new(
            "LRN046",
            $"This model of {of} has {what}, which is not read.",
            "Train a model of kind 'boosted_trees' on the same rows, or save one without that.")
        {
            Kind = FaultKind.Unsupported,
        };

    public static Fault NotFinite(int row, int column, float value) =>
        new(
            "LRN047",
            Invariant($"Row {row} holds {value} in column {column}."),
            "Give finite numbers; where a value is missing, NaN.");

    public static Fault NotExplained(string kind) =>
        new(
            "LRN073",
            $"Models of kind '{kind}' do not say what each feature adds to a score.",
            "Ask without an explanation, or let a model of kind 'boosted_trees' or 'logistic' answer.")
        {
            Kind = FaultKind.Unsupported,
        };

    public static Fault NoDirections(string kind) =>
        new(
            "LRN074",
            $"Models of kind '{kind}' do not keep directions: that a score only rises, or only falls, with a feature.",
            "Choose 'boosted_trees', or leave the directions out.");

    public static Fault NoDirectionsOf(RowTargetKind target) =>
        new(
            "LRN075",
            $"Directions are kept for chances, numbers, counts and orders, and these labels are {Word(target)}.",
            "Leave the directions out, or learn a score that rises and falls as a whole.");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Word(RowTargetKind target) => target.ToString().ToLowerInvariant();
}
