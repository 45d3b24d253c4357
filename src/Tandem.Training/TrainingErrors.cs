using Tandem.Faults;
using Tandem.Learning;
using Tandem.Training.Leaks;

namespace Tandem.Training;

/// <summary>The room's messages.</summary>
internal static class TrainingErrors
{
    public static TandemException NoPositives(string source) => new(new Fault(
        "TRN001", $"The lake has no event of '{source}' that counts as a positive.",
        "Import data (tandem import) or send events, or look at objective.label in tandem.yaml."));

    public static TandemException NeedsTimes(string kind, string source) => new(new Fault(
        "TRN002", $"Model '{kind}' needs event times, and source '{source}' has none.",
        "Choose a kind that works by order, such as item_item or ials."));

    public static TandemException SplitNeedsTimes(string source) => new(new Fault(
        "TRN003", $"A split by time was asked for, and source '{source}' has no event times.",
        "Set training.split to leave-last-out or files."));

    public static TandemException NoParts(string source) => new(new Fault(
        "TRN004", $"A split by files was asked for, and no row of '{source}' came from files named train and test.",
        "Name both under the source's import.files, or choose another split."));

    public static TandemException NoModel() => new(new Fault(
        "TRN012", "The design names no model that predicts.",
        "Write model.predict, such as boosted_trees or logistic, or training.candidates."));

    public static TandemException EmptyPart(string split, int rows) => new(new Fault(
        "TRN013", FormattableString.Invariant($"The split '{split}' of {rows:N0} rows leaves no row to learn from, or none to judge on."),
        "Look at training.split in tandem.yaml, or give more rows."));

    public static TandemException NoDirection(string name, IReadOnlyList<string> numbers) => new(new Fault(
        "TRN016", $"'{name}' has a direction, and is no feature that the model reads as a number.",
        "Name a numeric feature under 'directions', encoded as a number; or leave it out.")
    {
        Expected = "one of: " + string.Join(", ", numbers.Take(20)),
    });

    public static TandemException NoMargin(double level, int rows) => new(new Fault(
        "TRN017",
        FormattableString.Invariant(
            $"Intervals that hold {100 * level:0.##} % of new rows cannot be made from the errors of {rows} rows: it takes {(int)Math.Ceiling(level / (1 - level))}."),
        "Give more rows (a quarter of those to learn from is used), or lower objective.interval."));

    public static TandemException NotOfUplift(string what) => new(new Fault(
        "TRN018", $"{what} is not done of what a treatment changes.",
        "Leave it out; models of the outcome itself, task: binary or regression, have it.")
    {
        Kind = FaultKind.Unsupported,
    });

    public static TandemException ImportedFile(string path, Exception wrong) => new(
        new Fault(
            "TRN019", $"The imported model cannot be read: {wrong.Message}",
            "Look at evaluation.imported: paths are from the folder of tandem.yaml.")
        {
            Place = path,
        },
        wrong);

    public static TandemException ImportedColumns(string path, IReadOnlyList<string> missing) => new(new Fault(
        "TRN020",
        missing.Count == 0
            ? "The imported model does not name all its columns."
            : $"The imported model reads what is no number of this table: {string.Join(", ", missing.Take(10))}{(missing.Count > 10 ? ", …" : "")}.",
        "Save it with names of features as the table has them; texts are to be numbers in the file, too.")
    {
        Place = path,
    });

    public static TandemException ImportedTarget(string path, RowTarget model, RowTarget table) => new(new Fault(
        "TRN021",
        FormattableString.Invariant(
            $"The imported model predicts {model.Kind.ToString().ToLowerInvariant()} ({model.OutputCount}), and the table's label is {table.Kind.ToString().ToLowerInvariant()} ({table.OutputCount})."),
        "Import a model of the design's task.")
    {
        Place = path,
    });

    public static TandemException NoSuchRow(int row, int rows) => new(new Fault(
        "TRN015", FormattableString.Invariant($"Row {row} was to be explained, and the table has rows 1 to {rows}."),
        "Count the rows as they are read, the file 'train' before 'test', the head not among them."));

    public static TandemException NoFloor(string name, IEnumerable<string> features) => new(new Fault(
        "TRN022", $"'{name}' parts the rows of a floor, and is no feature of them.",
        "Name another feature under objective.decision.floor.")
    {
        Expected = "one of: " + string.Join(", ", features.Order(StringComparer.Ordinal).Take(20)),
    });

    public static TandemException NothingShown(string? impression) => new(new Fault(
        "TRN006",
        impression is null
            ? "shown_auc needs lists that were really shown, and objective.label names no impression source."
            : $"shown_auc needs lists that were really shown, and no request of '{impression}' in the test window " +
                "holds both chosen and passed-over items.",
        "Name objective.label.impression, split by time, and log impressions with their request; or choose another " +
        "metric."));

    public static TandemException Leaks(IReadOnlyList<LeakFinding> leaks) => new(
    [
        .. leaks.Where(static leak => leak.IsError).Select(static leak => new Fault(
            "TRN007",
            $"The training set knows what it is to predict: {leak.Evidence} ({string.Join("; ", leak.Rows)}).",
            leak.Fix)
        {
            Place = leak.Column,
        }),
    ]);

    public static TandemException NothingToSearchOn(string split) => new(new Fault(
        "TRN008",
        $"Settings cannot be searched: the split '{split}', made once more within the training rows, leaves nothing to " +
        "fit on or nothing to judge on.",
        "Shorten training.split.test, collect more data, or give settings without ranges."));

    public static TandemException AllFailed(string name, string fault) => new(new Fault(
        "TRN009", $"Every setting that was searched failed; the last, {name}, with: {fault}",
        "Change the ranges under training.candidates."));

    public static TandemException EmptyTest(string split) => new(new Fault(
        "TRN005", $"The split '{split}' leaves nothing to judge on, or nothing to fit on.",
        "Shorten training.split.test, or collect more data."));
}
