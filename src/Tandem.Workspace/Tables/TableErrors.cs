using System.Globalization;
using Tandem.Faults;

namespace Tandem.Workspace.Tables;

/// <summary>Every message of reading tables; <c>docs/errors.md</c> lists the codes.</summary>
internal static class TableErrors
{
    public static Fault BadRow(string path, long line, string? column, string? value, string why) => new(
        "WSP110",
        column is null
            ? $"The row cannot be read: {why}."
            : $"The value {(value is null ? "is missing" : $"'{Cut(value)}'")} of the column '{column}' cannot be used: {why}.",
        "Correct the row, or the column's type or the label in tandem.yaml; a column that no model needs goes under 'drop'.")
    {
        Place = string.Create(CultureInfo.InvariantCulture, $"{path}:{line}"),
    };

    public static TandemException NoRows(string path) => new(new Fault(
        "WSP111", "The table has no rows.", "Look at 'import' in tandem.yaml, or put rows into the file.")
    {
        Place = path,
    });

    public static TandemException NoFeatures(string source) => new(new Fault(
        "WSP112", $"The rows of '{source}' have no column beside label, group, time and those dropped.",
        "Add columns to the file, or drop fewer."));

    public static TandemException Groups(string path, long named, int rows) => new(new Fault(
        "WSP113",
        string.Create(CultureInfo.InvariantCulture, $"The groups of '{path}' hold {named} rows together, and the table has {rows}."),
        "Name the file of groups that belongs to the rows under 'import.groups', or the rows that belong to it."));

    public static Fault BadGroup(string path, long line, string text) => new(
        "WSP113", $"'{Cut(text)}' is no number of rows.", "Write one whole number above 0 a line.")
    {
        Place = string.Create(CultureInfo.InvariantCulture, $"{path}:{line}"),
    };

    public static TandemException GroupsOf(string what) => new(new Fault(
        "WSP113", what, "Write 'import.groups' with 'format: libsvm', one file, and 'objective.label.group' that comes from 'qid'."));

    public static TandemException TooLarge(long rows, int columns, long limit) => new(new Fault(
        "WSP114",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The table has {rows:N0} rows of {columns:N0} numbers, more than the {limit:N0} values that are held in memory."),
        "Drop columns, or draw rows beforehand."));

    public static TandemException OneClass(string column, int classes) => new(new Fault(
        "WSP115",
        string.Create(CultureInfo.InvariantCulture, $"The column '{column}' holds {classes} different classes."),
        classes < 2
            ? "Give rows of two classes or more."
            : "Take a column of at most 10,000 classes, or the task regression."));

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
