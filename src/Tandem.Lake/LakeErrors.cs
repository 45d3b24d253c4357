using Tandem.Events;
using Tandem.Faults;

namespace Tandem.Lake;

/// <summary>What the lake can report; listed in <c>docs/errors.md</c>.</summary>
internal static class LakeErrors
{
    /// <summary>Code of a failure inside DuckDB.</summary>
    public const string EngineCode = "LAK002";

    // The lake comes from the log: as long as the log is whole, the lake can be written anew.
    private const string FromTheLog =
        "To write all rows anew by the new declaration, while the log still holds every event: stop Tandem, move the " +
        "store's folder lake away, and run tandem train; it compacts the log from its beginning.";

    public static TandemException EngineMissing(string path, string reason, Exception? inner = null) =>
        new(new Fault(
            "LAK001",
            $"DuckDB's library could not be loaded from {path}: {reason}.",
            "Run ./tandem once, or: npm ci --prefix native --ignore-scripts, and build again. The environment variable "
            + "TANDEM_DUCKDB can name another copy of the library.")
        {
            Kind = FaultKind.Unavailable,
            Place = path,
        }, inner);

    public static TandemException Engine(string message) =>
        new(new Fault(
            EngineCode,
            $"DuckDB failed: {message.TrimEnd('.')}.",
            "Check free disk space and memory (lake options MemoryBytes, Threads) and that the lake's files are " +
            "intact.")
        {
            Kind = FaultKind.Unavailable,
        });

    public static Fault BadName(string name, string why) =>
        new("LAK003", $"'{name}' cannot be used in the lake: {why}.",
            "Rename it where it is declared, in tandem.yaml.");

    public static TandemException DamagedSegment(
        string path, JournalPosition position, string why, Exception? inner = null) =>
        new(new Fault(
            "LAK004",
            $"Journal segment {Path.GetFileName(path)} cannot be read at position {position}: {why.TrimEnd('.')}.",
            "Restore the segment from a backup; compaction goes on from where it stopped. Nothing was skipped.")
        {
            Kind = FaultKind.Damaged,
            Place = $"{path}@{position}",
        }, inner);

    public static TandemException NoSuchManifest(long number) =>
        new(new Fault(
            "LAK005",
            $"The lake has no manifest {number}.",
            "Ask for the latest by leaving the number out, or list the folder manifests.")
        {
            Kind = FaultKind.NotFound,
        });

    public static TandemException DamagedManifest(string key, string why, Exception? inner = null) =>
        new(new Fault(
            "LAK006",
            $"Manifest {key} cannot be read: {why.TrimEnd('.')}.",
            "Restore it from a backup, or delete it and those after it: the next compaction writes them again.")
        {
            Kind = FaultKind.Damaged,
            Place = key,
        }, inner);

    public static TandemException NewerManifest(string key, int version, int supported) =>
        new(new Fault(
            "LAK007",
            $"Manifest {key} was written by format {version}; this build reads up to {supported}.",
            "Upgrade Tandem.")
        {
            Kind = FaultKind.Unsupported,
            Place = key,
        });

    public static TandemException NoSuchTable(string name, IEnumerable<string> tables) =>
        new(new Fault(
            "LAK008",
            $"The lake has no table '{name}'.",
            "Declare it as a source in tandem.yaml, or import events of this type.")
        {
            Kind = FaultKind.NotFound,
            Expected = Choice(tables),
        });

    public static TandemException NoSuchColumn(string table, string name, IEnumerable<LakeColumn> columns) =>
        new(new Fault(
            "LAK009",
            $"Table '{table}' has no column '{name}'.",
            "Declare it among the columns of the source in tandem.yaml; values that were logged before appear then " +
            "too.")
        {
            Kind = FaultKind.NotFound,
            Expected = Choice(columns.Select(static column => column.Name)),
        });

    public static TandemException UnreadableFile(string path, string why, Exception? inner = null) =>
        new(new Fault(
            "LAK011",
            $"{Path.GetFileName(path)} cannot be read: {why.TrimEnd('.')}.",
            "Check that the file is there and of the format that was named, and its delimiter, header and encoding.")
        {
            Place = path,
        }, inner);

    public static TandemException NotAQuery(string sql) =>
        new(new Fault(
            "LAK012",
            $"'{Shortened(sql)}' is no query: the console reads and changes nothing.",
            "Ask by select, from, with, describe or show.")
        {
            Expected = "one statement that reads rows",
        });

    public static TandemException QueryFailed(TandemException engine) =>
        new(new Fault(
            "LAK013",
            $"The query cannot run: {engine.Fault.What}",
            "Mend the statement; tandem lake ls names the tables, and describe TABLE its columns."), engine);

    public static Fault TypeChanged(string table, LakeColumn stored, LakeType declared) =>
        new(
            "LAK014",
            $"Column '{stored.Name}' of table '{table}' was {Word(stored.Type)} when its rows were written, and is " +
            $"declared {Word(declared)} now.",
            $"Declare it {Word(stored.Type)} again and give the new values a column of another name. {FromTheLog}")
        {
            Place = $"{table}.{stored.Name}",
            Expected = stored.Type == LakeType.Whole ? "whole or number" : Word(stored.Type),
        };

    public static Fault EntityRemoved(string table, string entity, IEnumerable<string> declared) =>
        new(
            "LAK015",
            $"Table '{table}' has rows with the entity '{entity}', which is no longer among its entities " +
            $"({string.Join(", ", declared)}).",
            $"Declare it again, or send such events as a source of another name. {FromTheLog}")
        {
            Place = $"{table}.{entity}",
        };

    public static TandemException RowsDiffer(string table, string date, long expected, long actual) =>
        new(new Fault(
            "LAK016",
            $"The small files of table '{table}' of date {date} hold {actual} rows, not the {expected} that the " +
            "manifest says: one was changed or is damaged. Nothing was merged of them.",
            "Check the files of that folder against the hashes in tandem lake stats --json, and restore from a backup.")
        {
            Kind = FaultKind.Damaged,
            Place = $"{Compaction.PartKey.Folder}{table}/date={date}",
        });

    public static Fault BadOption(string name, long value, string expected) =>
        new("LAK010", $"The lake's setting {name} is {value}.", "Set it within its range.") { Expected = expected };

    private static string Word(LakeType type) => type switch
    {
        LakeType.NumberList => "numbers",
        LakeType.TextList => "texts",
        _ => type.ToString().ToLowerInvariant(),
    };

    private static string Shortened(string sql) => sql.Length <= 80 ? sql : string.Concat(sql.AsSpan(0, 80), "…");

    private static string Choice(IEnumerable<string> names) =>
        $"one of {string.Join(", ", names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}";
}
