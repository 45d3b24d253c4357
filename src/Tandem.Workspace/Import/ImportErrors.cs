using Tandem.Faults;

namespace Tandem.Workspace.Import;

/// <summary>Every message of importing files; <c>docs/errors.md</c> lists the codes.</summary>
internal static class ImportErrors
{
    public static TandemException NoImport(string source) =>
        new(new Fault(
            "WSP101",
            $"The source '{source}' does not say how files become its rows.",
            "Give it an 'import' section in tandem.yaml, or send its events over HTTP."));

    public static TandemException NameLeavesFolder(string name, string folder) =>
        new(new Fault(
            "WSP102",
            $"The file name '{name}' leads outside the data folder '{folder}'.",
            "Name files relative to the data folder, without '..', a leading '/' or links that lead outside."));

    public static TandemException FileMissing(string path) =>
        new(new Fault(
            "WSP103",
            "There is no such file.",
            "Put it into the data folder, or correct 'import.files' in tandem.yaml.")
        {
            Kind = FaultKind.NotFound,
            Place = path,
        });

    public static TandemException ColumnMissing(
        string path, string target, string column, IEnumerable<string> columns) =>
        new(new Fault(
            "WSP104",
            $"The file has no column '{column}', from which '{target}' is to come.",
            "Correct 'import.columns' in tandem.yaml, or the file's first line.")
        {
            Place = path,
            Expected = $"one of: {string.Join(", ", columns)}",
        });

    public static TandemException FileUnreadable(string path, string why, Exception inner) =>
        new(
            new Fault(
                "WSP105",
                $"The file cannot be read: {why}",
                "Check that it is whole and of the format that 'import.format' names, and fetch it again.")
            {
                Kind = FaultKind.Damaged,
                Place = path,
            },
            inner);

    public static Fault NoEvent(string why) => new(
        "WSP106", why, "Correct the row at its source, or the source in tandem.yaml, and replay or import it again.");

    public static Fault CutOtherwise(string file, string how) =>
        new("WSP108", $"The row was cut {how}.", "Import the file again: 'tandem import'.")
        {
            Place = file,
        };

    public static TandemException PackedWithZstd(string path) =>
        new(new Fault(
            "WSP107",
            "The file is packed with zstd, which is unpacked around text alone, by the DuckDB library that comes with " +
            "Tandem.",
            $"Unpack it by 'zstd -d {Path.GetFileName(path)}' and name the unpacked file in 'import.files', or pack " +
            "it with gzip. (Parquet files may hold zstd inside.)")
        {
            Kind = FaultKind.Unsupported,
            Place = path,
        });
}
