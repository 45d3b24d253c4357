using System.Globalization;
using Tandem.Faults;

namespace Tandem.Serving;

/// <summary>The room's messages.</summary>
internal static class ServingErrors
{
    public static TandemException NoModel() => new(new Fault(
        "SRV001", "No model version is champion yet.", "Run: tandem train")
    {
        Kind = FaultKind.Unavailable,
    });

    public static TandemException UnknownItem(string id) => new(new Fault(
        "SRV002", $"The model does not know item '{Cut(id)}'.", "Use the id of an item that was seen in training.")
    {
        Kind = FaultKind.NotFound,
    });

    public static TandemException BadCount(int count) => new(new Fault(
        "SRV003", $"{count} items were asked for.", "Ask for 1 to 1000."));

    public static TandemException UnknownFilter(string column, IEnumerable<string> columns) => new(new Fault(
        "SRV004", $"Items have no text column '{Cut(column)}'.", "Filter by a text column of the item table.")
    {
        Expected = "one of: " + string.Join(", ", columns.Order(StringComparer.Ordinal)),
    });

    public static TandemException TooLong(string what, int given, int limit) => new(new Fault(
        "SRV005", $"{what} has {given} entries.", $"Send at most {limit}."));

    public static TandemException BadScore(string version, string kind) => new(new Fault(
        "SRV006", $"Model version {version} ({kind}) failed its self-test: a score is not a number.",
        "The version that was serving goes on. Train again, or promote an earlier version: tandem models")
    {
        Kind = FaultKind.Damaged,
    });

    public static TandemException BadRanker(string kind) => new(new Fault(
        "SRV007", $"The parts of the model of features ({kind}) do not fit together, or it gave a score that is not a number.",
        "Where it orders candidates, the order of retrieval answers. Train again, or promote an earlier version: " +
        "tandem models")
    {
        Kind = FaultKind.Damaged,
    });

    public static Fault NotComputed(string version, IReadOnlyList<string> views) => new(
        "SRV008",
        $"Model version {version} reads features as they were defined when it was trained, and these views are not " +
        $"computed so now: {string.Join(", ", views)}.",
        "Where it orders candidates, the order of retrieval answers. Restart: definitions of the champion are computed " +
        "again from the file that the version keeps; or train again.")
    {
        Kind = FaultKind.Unavailable,
    };

    public static TandemException NoText(string entity, string feature) => new(new Fault(
        "SRV009", $"The retrieval model reads '{Cut(feature)}' of {entity}, which the online features do not hold.",
        "It answers without what is known of users and new items. Train again.")
    {
        Kind = FaultKind.Damaged,
    });

    public static Fault AttributesNotComputed(string version, IReadOnlyList<string> views) => new(
        "SRV010",
        $"Model version {version} reads features of users and items as they were defined when it was trained, and these views " +
        $"are not computed so now: {string.Join(", ", views)}.",
        "It answers without them, and takes in no new items. Restart: definitions of the champion are computed again from the " +
        "file that the version keeps; or train again.")
    {
        Kind = FaultKind.Unavailable,
    };

    public static Fault IndexBuilt(int version, string why) => new(
        "SRV011",
        string.Create(
            CultureInfo.InvariantCulture, $"The index of model version {version} was built when it came, and not opened. {why}"),
        "Requests are answered as by the file. Train again to start faster: the new version gets one.")
    {
        Kind = FaultKind.Damaged,
    };

    public static TandemException OtherAnswer(string task, bool isPredicted) => new(new Fault(
        "SRV012",
        isPredicted
            ? $"This system's task is '{task}': it predicts, and has no list to show."
            : $"This system's task is '{task}': it answers what to show, and predicts nothing.",
        isPredicted ? "Ask POST /v1/predict." : "Ask POST /v1/recommend.")
    {
        Kind = FaultKind.Unsupported,
    });

    public static TandemException TooManyExplained(int count) => new(new Fault(
        "SRV013", $"{count} items were to be explained.",
        $"Ask to explain 1 to {PredictRequest.MostExplained} items at once, or ask for probabilities alone."));

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
