using System.Globalization;
using Tandem.Faults;

namespace Tandem.Features;

/// <summary>Every failure this room reports.</summary>
internal static class FeaturesErrors
{
    public static Fault UnknownSource(string view, string source) =>
        new("FEA001", $"'{view}' reads source '{source}', which is not declared.",
            "Declare the source under 'sources', or name one that is.")
        { Place = $"features.{view}.source" };

    public static Fault UnknownEntity(string view, string entity, string source) =>
        new("FEA002", $"Feature view '{view}' belongs to entity '{entity}', which source '{source}' does not name.",
            "Choose an entity of the source, or 'global'.")
        { Place = $"features.{view}.entity" };

    public static Fault UnknownColumn(string view, string? column, string source, string place) =>
        new("FEA003", $"'{view}' reads '{column}', which is no column or entity of source '{source}'.",
            "Name a column or an entity of the source.")
        { Place = place };

    public static Fault ColumnTaken(string view, string column, string source, string place) =>
        new("FEA017", $"'{view}' computes a column '{column}', but source '{source}' has one of that name.",
            "Give the computed column another name.")
        { Place = place };

    public static Fault WrongPair(string view, string entity, string with, string why) =>
        new("FEA019", $"Feature view '{view}' belongs to the pair of '{entity}' and '{with}', but {why}.",
            "Pair an entity of an events source with another, with a text column of it, or with a text column of an entity's "
            + "table.")
        { Place = $"features.{view}.entity" };

    public static Fault WrongOperator(string view, string feature, string name) =>
        new("FEA004", $"Feature '{view}:{feature}' uses operator '{name}', which does not exist.",
            $"Use one of {string.Join(", ", FeatureOperators.All.Select(o => o.Name))}.")
        { Place = $"features.{view}.aggregates.{feature}" };

    public static Fault WrongUse(string view, string feature, string why, string remedy) =>
        new("FEA005", $"Feature '{view}:{feature}' cannot be computed: {why}.", remedy)
        { Place = $"features.{view}.aggregates.{feature}" };

    public static Fault WrongCondition(string place, string column, string why) =>
        new("FEA006", $"The condition on '{column}' cannot be checked: {why}.",
            "Compare numbers with numbers, flags with true or false, texts with texts.")
        { Place = place };

    public static TandemException DamagedIndex(string why) =>
        new(new Fault("FEA007", $"The entity index cannot be read: {why}.",
            "Restore the file, or build it again from the lake.")
        { Kind = FaultKind.Damaged });

    public static TandemException WrongData(string eventId, string why, Exception inner) =>
        new(new Fault("FEA008", $"The data of event '{eventId}' is no JSON object: {why}",
            "Send the columns of the source as one JSON object.")
        { Place = $"event {eventId}" }, inner);

    public static TandemException UnknownFeature(string name) =>
        new(new Fault("FEA009", $"There is no feature '{name}'.",
            "Name a feature as view:feature, as in the 'features' section of tandem.yaml.")
        { Kind = FaultKind.NotFound });

    public static TandemException MissingEntity(string entity) =>
        new(new Fault("FEA010", $"Features of entity '{entity}' are asked for, but the spine has no ids of it.",
            $"Give each row of the spine its '{entity}', or leave these features out."));

    public static TandemException MissingRequest(string column) =>
        new(new Fault("FEA018", $"Features that read 'request.{column}' are asked for, but the spine does not say it.",
            $"Give each row of the spine its '{column}', or leave these features out."));

    public static TandemException FromTheFuture(DateTimeOffset row, DateTimeOffset asOf) =>
        new(new Fault("FEA011",
            string.Create(
                CultureInfo.InvariantCulture,
                $"A row of the spine lies at {row:O}, after {asOf:O}, the as-of moment of the set."),
            "Move the as-of moment, or leave out what had not happened by then."));

    public static TandemException DamagedSet(string hash, string why) =>
        new(new Fault("FEA012", $"Training set {hash} cannot be read: {why}.",
            "Restore its objects from a backup, or build the set again.")
        { Kind = FaultKind.Damaged });

    public static TandemException ErasedSet(string hash, string successor) =>
        new(new Fault("FEA013", $"Training set {hash} is erased: a person in it was forgotten.",
            $"Use its successor {successor}: the same rows without theirs.")
        { Kind = FaultKind.NotFound });

    public static TandemException DamagedSeries(string why) =>
        new(new Fault("FEA014", $"The saved events of an entity cannot be read: {why}.",
            "Delete what it was read from: the online store is then filled from the lake.")
        { Kind = FaultKind.Damaged });

    public static TandemException DamagedSnapshot(string key, string why) =>
        new(new Fault("FEA015", $"The snapshot '{key}' of the online store cannot be read: {why}.",
            "Nothing needs to be done: the store is filled from an older one or from the lake, and saved again.")
        { Kind = FaultKind.Damaged });

    public static TandemException SnapshotNotWritten(string path, Exception inner) =>
        new(new Fault("FEA016", $"The snapshot of the online store could not be written to '{path}': {inner.Message}",
            "Free space, or make the folder writable; until then a restart reads an older snapshot.")
        { Kind = FaultKind.Unavailable }, inner);

    public static TandemException DamagedText(string why) =>
        new(new Fault("FEA030", $"Text statistics cannot be read: {why}.",
            "Restore the file, or fit them again on the same texts: equal texts give equal bytes.")
        { Kind = FaultKind.Damaged });

    public static TandemException DamagedEncoders(string why) =>
        new(new Fault("FEA031", $"Encoders cannot be read: {why}.",
            "Promote another version of the model, or train it again.")
        { Kind = FaultKind.Damaged });

    public static TandemException WrongEncoder(string feature, string kind, IReadOnlyList<string> known) =>
        new(new Fault("FEA032", $"The encoder '{kind}' does not read what '{feature}' gives.",
            known.Count == 0
                ? "Write none: no encoder reads lists of numbers or counts."
                : $"Choose one of: {string.Join(", ", known)}; or none.")
        { Place = feature });

    public static TandemException NoSideFile(string feature, string path, string why) =>
        new(new Fault("FEA034", $"The encoder of '{feature}' cannot read '{path}': {why}.",
            "Put the model, its vocabulary or the folder of pictures where tandem.yaml says, relative to its own folder.")
        { Place = path });

    public static TandemException NoPictures(string feature, int count, string name, string why, string folder) =>
        new(new Fault("FEA035",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The encoder of '{feature}' found no picture in '{folder}': {count} names were looked up, such as ")
            + $"'{name}', and {why}.",
            "Put PNG, JPEG or WebP files there under exactly the names that the feature has (letters, digits, '-', '_', "
            + "'.'; no folders, no links), or name another folder.")
        { Place = feature });

    public static TandemException TooManyComponents(string feature, int asked, int length, int distinct) =>
        new(new Fault("FEA036",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The encoder of '{feature}' is to keep {asked} components of vectors of {length}, learned from ")
            + string.Create(CultureInfo.InvariantCulture, $"{distinct} of the training rows."),
            "Ask for fewer components than both, or for none.")
        { Place = feature });

    public static TandemException DamagedPins(string why) =>
        new(new Fault("FEA033", $"The list of a model's features cannot be read: {why}.",
            "Promote another version of the model, or train it again.")
        { Kind = FaultKind.Damaged });
}
