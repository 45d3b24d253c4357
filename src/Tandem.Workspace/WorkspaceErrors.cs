using System.Globalization;
using Tandem.Faults;

namespace Tandem.Workspace;

/// <summary>The room's messages.</summary>
internal static class WorkspaceErrors
{
    public static TandemException AlreadyThere(string path) => new(new Fault(
        "WSP001", $"{path} is already there.", "Choose another name, or edit the file.")
    {
        Kind = FaultKind.Conflict,
    });

    public static Fault UnknownType(string type, IEnumerable<string> known) => new(
        "WSP002", $"No source is named '{Cut(type)}'.", "Declare it under 'sources' in tandem.yaml, or fix the type.")
    {
        Expected = "one of: " + string.Join(", ", known.Order(StringComparer.Ordinal)),
    };

    public static Fault MissingEntity(string source, string entity) => new(
        "WSP003", $"An event of '{source}' does not name its {entity}.",
        $"Add \"{entity}\" to \"entities\".");

    public static Fault MissingColumn(string source, string column) => new(
        "WSP004", $"An event of '{source}' has no '{column}', which is required.", $"Add \"{column}\" to \"data\".");

    public static Fault WrongType(string source, string column, string expected, string given) => new(
        "WSP005", $"Column '{column}' of '{source}' is {given}.", "Send the declared type.")
    {
        Expected = expected,
    };

    public static Fault OutOfRange(string source, string column, double value, double? minimum, double? maximum) => new(
        "WSP006", FormattableString.Invariant($"Column '{column}' of '{source}' is {value}."),
        "Send a value in range, or change the range in tandem.yaml.")
    {
        Expected = FormattableString.Invariant(
            $"{minimum ?? double.NegativeInfinity} to {maximum ?? double.PositiveInfinity}"),
    };

    public static Fault FutureEvent(DateTimeOffset time, DateTimeOffset now, TimeSpan skew) => new(
        "WSP007", $"The event says it happened at {time:O}, which is after now ({now:O}).",
        $"Set the sender's clock; up to {skew:c} ahead is accepted ('clock_skew' of the source).");

    public static Fault NotACloudEvent(string why) => new(
        "WSP020", $"The text is not a CloudEvent: {why}.", "Send CloudEvents 1.0 as docs/http.md describes them.");

    public static Fault UnknownColumn(string source, string column, IEnumerable<string> known) => new(
        "WSP021", $"'{source}' declares no column '{Cut(column)}'.",
        "Declare it in tandem.yaml, or do not send it; 'unknown_columns: keep' would let it pass.")
    {
        Expected = "one of: " + string.Join(", ", known),
    };

    public static Fault TooLong(string source, string column, int length, int limit) => new(
        "WSP022", $"Column '{column}' of '{source}' is {length} long; its max_length is {limit}.",
        "Send less, or raise max_length in tandem.yaml.");

    public static TandemException NoTable(string entity) => new(new Fault(
        "WSP023", $"There is no table about '{entity}' to keep rows in.",
        $"Declare a source of 'kind: table' with 'entities: {entity}', or name one of several under 'entities'.")
    {
        Kind = FaultKind.NotFound,
    });

    public static Fault NotARow(string why) => new(
        "WSP024", $"The text is not a row: {why}.",
        "Send a JSON object with the columns under 'data', and in lists the 'id'; 'time' says since when it is so.");

    public static Fault NoSuchRow(string entity, string id) => new(
        "WSP025", $"Nothing is known of the {entity} '{Cut(id)}' that could be changed.", "PUT all of it first.")
    {
        Kind = FaultKind.NotFound,
    };

    public static TandemException NoSuchRange(string range) => new(new Fault(
        "WSP026", $"The quarantine has no rows '{Cut(range)}'.",
        "Name one row by its id, or several as FIRST..LAST in the order of 'tandem quarantine list'.")
    {
        Kind = FaultKind.NotFound,
    });

    public static TandemException DropWhat() => new(new Fault(
        "WSP027", "It is not said which rows are to be dropped.",
        "Name them with --ids FIRST..LAST, or say --all; not both."));

    public static TandemException NotTaken(Uri url, string why, Exception? inner) => new(
        new Fault(
            "WSP028", $"The service at {url} does not take events: {why}",
            "Start it with 'tandem up', name its address with --url, and set TANDEM__APIKEYS to its key.")
        {
            Kind = FaultKind.Unavailable,
        },
        inner);

    public static TandemException ReadOnly() => new(new Fault(
        "WSP008", "This process opened the system for reading only.", "Use the process that serves it: tandem up")
    {
        Kind = FaultKind.Conflict,
    });

    public static TandemException NoImport(string spec) => new(new Fault(
        "WSP009", $"No source of {spec} says how to read files.",
        "Give a source an 'import' section; examples/gowalla.yaml shows one."));

    public static TandemException SettingsNotReadable(string path, Exception inner) => new(
        new Fault(
            "WSP030", $"The settings of this machine cannot be read: {inner.Message}",
            "Write an object of sections, such as {\"journal\":{\"durability\":\"fsync\"}}; docs/host.md lists them.")
        {
            Place = path,
        },
        inner);

    public static Fault UnknownSetting(string place, string name, string? nearest) => new(
        "WSP031", $"There is no setting '{Cut(name)}'.", "Remove it, or write one that docs/host.md lists.")
    {
        Place = place,
        Nearest = nearest,
    };

    public static Fault BadSetting(string place, string name, string text, string expected) => new(
        "WSP032", $"'{Cut(text)}' is not a value of '{name}'.", "Write a value that it takes; docs/host.md lists them.")
    {
        Place = place,
        Expected = expected,
    };

    public static TandemException OtherLog(string place, string local) => new(new Fault(
        "WSP040", $"The objects there come from another raw log than the one of {local}.",
        "Open it where that log is, restore its folder from a backup, or name another prefix.")
    {
        Kind = FaultKind.Conflict,
        Place = place,
    });

    public static TandemException LogLost(string folder, string lake, string begin, string end) => new(new Fault(
        "WSP041", $"The lake holds the raw log up to {lake}, but the log there goes from {begin} to {end}.",
        "Restore the log's folder from a backup, or begin a new store; appending would lose events unseen.")
    {
        Kind = FaultKind.Damaged,
        Place = folder,
    });

    public static TandemException KeepWhat() => new(new Fault(
        "WSP042", "Nothing says how much of the raw log is to stay.",
        "Say --older-than or --keep-bytes, or set journal.keep_for or journal.keep_bytes; docs/host.md lists them."));

    public static TandemException ForgetWhileServing() => new(new Fault(
        "WSP050", "This system is serving; what it holds in memory would still know the person.",
        "Stop the service, run tandem forget, and start it again.")
    {
        Kind = FaultKind.Conflict,
    });

    public static TandemException NoFeatureView(string view, IReadOnlyList<string> views) => new(new Fault(
        "WSP060", $"There is no feature view '{Cut(view)}'.",
        views.Count == 0 ? "Add one under 'features' in tandem.yaml." : $"Name one of {string.Join(", ", views)}.")
    {
        Kind = FaultKind.NotFound,
    });

    public static TandemException NoHistory(string view, IEnumerable<string> reads) => new(new Fault(
        "WSP070", $"The features of '{Cut(view)}' are computed when they are read: no entity has events of them.",
        $"Look at what they are computed from: {string.Join(", ", reads)}.")
    {
        Kind = FaultKind.NotFound,
    });

    public static TandemException NoContext() => new(new Fault(
        "WSP071", "A context was sent, but no source of impressions would log it.",
        "Name objective.label.impression in tandem.yaml and declare its columns, or leave the context out.")
    {
        Place = "context",
    });

    public static TandemException NoIds(string feature, string entity) => new(new Fault(
        "WSP061", $"Feature '{Cut(feature)}' is asked for, but no ids of {entity}.",
        $"Add \"{entity}\" to \"entities\", one id a row."));

    public static TandemException NoSuchEntity(string entity, IEnumerable<string> known) => new(new Fault(
        "WSP062", $"There is no entity '{Cut(entity)}'.", "Name an entity that a source of tandem.yaml names.")
    {
        Expected = "one of: " + string.Join(", ", known.Order(StringComparer.Ordinal)),
    });

    public static TandemException UnevenColumns(string first, int firstLength, string other, int otherLength) => new(
        new Fault(
            "WSP063",
            FormattableString.Invariant(
                $"'{Cut(first)}' has {firstLength} values and '{Cut(other)}' has {otherLength}: they make no rows."),
            "Send columns of one length; null where a row has no value."));

    public static TandemException SameName(string name) => new(new Fault(
        "WSP064", $"Two columns of the answer would be called '{Cut(name)}'.",
        "Ask for each feature once, and say \"full_feature_names\": true where views share names."));

    public static TandemException Materializing() => new(new Fault(
        "WSP066", "A materialization is under way.", "Wait until it is done, or send ?force=true to queue behind it.")
    {
        Kind = FaultKind.Conflict,
    });

    public static TandemException ForgetInStream() => new(new Fault(
        "WSP052", "The raw log is in a broker's stream, of which nothing can be taken out.",
        "Let the stream's retention remove it: docs/formats/journal-stream.md says how; a log of files can forget.")
    {
        Kind = FaultKind.Unsupported,
    });

    public static TandemException NotForgotten(long places) => new(new Fault(
        "WSP051", FormattableString.Invariant($"The person is still named in {places} places after the erasure."),
        "Run tandem forget again, with no other process at work on the store.")
    {
        Kind = FaultKind.Damaged,
    });

    public static TandemException NothingServed() => new(new Fault(
        "WSP065", "No answers log features: there is no source of impressions, or there are no features.",
        "Name objective.label.impression in tandem.yaml and write features.")
    {
        Kind = FaultKind.Conflict,
    });

    public static TandemException NoRows(DateTimeOffset from, DateTimeOffset to) => new(new Fault(
        "WSP068",
        FormattableString.Invariant(
            $"No impression from {from:yyyy-MM-dd HH:mm:ss} to {to:yyyy-MM-dd HH:mm:ss} UTC can be a row: none is in the lake with its request, the time for their labels is not over, or there are no features."),
        "Choose an earlier window, compact the log (a service does), or name objective.label.impression and features.")
    {
        Kind = FaultKind.NotFound,
    });

    public static TandemException NoSet(string name, int found, int all) => new(new Fault(
        "WSP069",
        found > 1
            ? FormattableString.Invariant($"{found} training sets have a hash that begins with '{Cut(name)}'.")
            : FormattableString.Invariant($"None of the {all} saved training sets is named '{Cut(name)}'."),
        "Write six or more digits of a hash that tandem features ls lists.")
    {
        Kind = FaultKind.NotFound,
    });

    public static TandemException NoTable(string name, IReadOnlyList<string> names) => new(new Fault(
        "WSP090", $"There is no published table '{Cut(name)}'.", "Name one of those listed.")
    {
        Kind = FaultKind.NotFound,
        Expected = "one of: " + string.Join(", ", names),
    });

    public static TandemException NotInTable(string kind, string table, IReadOnlyList<string> kinds) => new(new Fault(
        "WSP092", $"The table '{table}' has no model of kind '{Cut(kind)}'.", "Name one of those listed.")
    {
        Kind = FaultKind.NotFound,
        Expected = "one of: " + string.Join(", ", kinds),
    });

    public static TandemException NoAnswers(string path, Exception wrong) => new(
        new Fault(
            "WSP097", $"The file cannot be read as answers, or not be written: {wrong.Message}",
            "Give a JSON object of answers, such as {\"then\": \"act\"}; or name a file in a folder that is there.")
        {
            Place = path,
        },
        wrong);

    public static TandemException NothingRare(string task) => new(new Fault(
        "WSP098", $"Methods for rare positives are compared on rows that are examples of the task 'binary'; this task is '{task}'.",
        "Name a design whose rows are examples with a label of 1 or 0."));

    public static TandemException NoTableRow(string system) => new(new Fault(
        "WSP099", $"A row was to be explained, and the rows of '{system}' are no examples.",
        "Name a design of a table; what a served model says is explained by POST /v1/predict with \"explain\": true."));

    public static TandemException RowsHaveNoLoop(string source) => new(new Fault(
        "WSP093", $"Each row of '{source}' is an example of its own: there is no log to train from or to serve.",
        "Judge models by 'tandem evaluate SPEC --data DIR'; or name objective.label.impression, and features.")
    {
        Kind = FaultKind.Unsupported,
    });

    public static TandemException NoAttributes(string path, Exception wrong) => new(
        new Fault(
            "WSP091", $"The items' attributes beside '{path}' cannot be read: {wrong.Message}",
            "Fetch the data again: the sequences and the attributes, both packed by gzip."),
        wrong);

    public static TandemException NoDrawings(string path, string why) => new(new Fault(
        "WSP094", $"The drawings in '{path}' cannot be read: {why}.",
        "Fetch the archives again: images_background_small1.zip, images_background_small2.zip and all_runs.zip of Omniglot.")
    {
        Kind = FaultKind.Unavailable,
    });

    public static TandemException NoPictureFolder(string folder, string why) => new(new Fault(
        "WSP120", $"The pictures in '{folder}' cannot be read: {why}",
        "Name a folder that has a folder of pictures for each class.")
    {
        Kind = FaultKind.NotFound,
    });

    public static TandemException NoClasses(
        string folder, int classes, int pictures, IReadOnlyList<Pictures.SkippedPicture> skipped) => new(new Fault(
        "WSP121",
        string.Create(
            CultureInfo.InvariantCulture,
            $"'{folder}' has {pictures} pictures of {classes} classes, which leaves nothing to tell apart") +
            (skipped.Count == 0
                ? "."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"; {skipped.Count} files cannot be read, the first is '{Cut(skipped[0].Name)}': {skipped[0].Why}")),
        "Put PNG, JPEG or WebP files of two classes or more into it, a folder a class."));

    public static TandemException EncoderSetting(string name, double value, double least, double most) => new(new Fault(
        "WSP122", FormattableString.Invariant($"{name} is {value}."), "Choose a value in range.")
    {
        Expected = FormattableString.Invariant($"{least} to {most}"),
    });

    public static TandemException NoEncoderFile(string path, string why) => new(new Fault(
        "WSP123", $"The encoder cannot be written to '{path}': {why}", "Name a file in a folder that is there and may be written to.")
    {
        Kind = FaultKind.Unavailable,
    });

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
