using Tandem.Faults;

namespace Tandem.Spec.Rules;

/// <summary>Messages about rows that are examples.</summary>
internal static class RowErrors
{
    public static Fault RowLabel(string task) =>
        new("SPC070",
            $"Each row is an example of a '{task}' task, and the label does not say what its columns say.",
            task switch
            {
                "binary" => "Write a condition, such as when: answer == \"yes\", or the column that holds 1 or 0; or name " +
                    "the source of impressions that the label answers.",
                "multilabel" => "Write the columns that hold 1 or 0: columns: [red, round].",
                _ => "Write the column that holds the label: column: price.",
            });

    public static Fault LabelDropped(string column) =>
        new("SPC070", $"The column '{column}' is the label or its group, and is dropped.",
            "Take it out of 'drop': no model reads the label anyway.");

    public static Fault KindOfOtherTask(string kind, bool readsFeatures, string task) =>
        new("SPC071", $"Models of kind '{kind}' {(readsFeatures ? "score rows of features" : "choose items for users")}, which a " +
            $"'{task}' task of this label has no use for.",
            readsFeatures ? "Use a kind that chooses items, such as ials." : "Use a kind that reads features, such as logistic.");

    public static Fault NothingRare(string method, string task) =>
        new("SPC055", $"'{method}' is for rare positives among rows of features, and nothing of this '{task}' task learns any.",
            "Write imbalance: none, or add model.rank.");

    public static Fault SplitOfOtherTask(string by, bool isTabular) =>
        new("SPC072", $"The split '{by}' does not fit what is divided: {(isTabular ? "rows" : "what users chose")}.",
            isTabular ? "Write random, groups, time or files." : "Write leave-last-out, time or files.");

    public static Fault DecisionOfOtherTask(string task) =>
        new("SPC073", $"A '{task}' task gives no probability to decide by.",
            "Remove objective.decision, or write task: binary.");

    public static Fault IntervalOfOtherTask(string task) =>
        new("SPC076", $"A '{task}' task predicts no number to put an interval around.",
            "Remove objective.interval, or write task: regression or quantile.");

    public static Fault TreatmentOfOtherTask(string task) =>
        new("SPC077", $"A '{task}' task has no treatment whose effect it tells.",
            "Remove objective.treatment, or write task: uplift.");

    public static Fault NotReadOfUplift(string key) =>
        new("SPC077", $"evaluation.{key} is not read where the effect of a treatment is told.",
            "Remove it: models are measured against targeting at random, on all rows.");

    public static Fault Treatment(string column, string what) =>
        new("SPC077", $"The treatment '{column}' is {what}.", "Name a column of its own that holds 1 or 0.");

    public static Fault ImportedOfOtherTask(string task) =>
        new("SPC078", $"Models of others are judged on rows that are examples, and not of this '{task}' task.",
            "Remove evaluation.imported.");

    public static Fault CalibrationOfOtherTask(string method, string task) =>
        new("SPC074", $"The scores of a '{task}' task are not calibrated by '{method}'.",
            task == "multiclass" ? "Write auto, none or temperature." : "Remove training.calibration.");

    public static Fault DirectionsOfOtherTask(string task) =>
        new("SPC075", $"A '{task}' task has no one score to rise or fall with a feature.",
            "Remove 'directions': chances, numbers and orders have them.");

    public static Fault DirectionOf(string feature, string what) =>
        new("SPC075", $"'{feature}' has a direction, and is {what}.", "Name a feature that is a number.");

    public static Fault SplitNeedsGroups() =>
        new("SPC072", "The split is by groups, but the label names no column of them.", "Add objective.label.group.");
}
