using Tandem.Faults;

namespace Tandem.Events;

/// <summary>Every message of this room; <c>docs/errors.md</c> lists the codes.</summary>
internal static class EventErrors
{
    public static TandemException NotAnEvent(string why, Exception? inner = null) =>
        new(
            new Fault(
                "EVT001",
                $"The text is not an event: {why}",
                "Send one JSON object in UTF-8 with the keys that docs/formats/event.md lists."),
            inner);

    public static TandemException FieldNotAllowed(string field, string why) =>
        new(new Fault(
            "EVT002",
            $"The event's '{field}' is not allowed: {why}.",
            "Correct it at its source; docs/formats/event.md gives the range of every field."));

    public static TandemException TooLarge(string what, long actual, long limit) =>
        new(new Fault(
            "EVT003",
            $"{what} is {actual} long; at most {limit} is allowed.",
            "Send less at once: split the batch, or keep large content in files and send its address."));

    public static TandemException SegmentDamaged(string path, long offset, string why) =>
        new(new Fault(
            "EVT004",
            $"The raw log is damaged at byte {offset} of this segment: {why}.",
            "Restore the segment from a backup. If there is none, stop the process that writes the log and run " +
            "'tandem log repair': it shows what is lost, and takes that out when told to.")
        {
            Kind = FaultKind.Damaged,
            Place = $"{path}:{offset}",
        });

    public static TandemException FormatUnknown(string path, string found) =>
        new(new Fault(
            "EVT005",
            $"The segment was written as {found}; this build reads {SegmentHeader.Format} version " +
            $"{SegmentHeader.Version}.",
            "Upgrade Tandem, or restore the segment from a backup.")
        {
            Kind = FaultKind.Unsupported,
            Place = path,
        });

    public static TandemException AnotherWriter(string folder, string owner) =>
        new(new Fault(
            "EVT006",
            $"The raw log is open for writing in {owner}; only one process writes.",
            "Stop that process, or send it the events over HTTP.")
        {
            Kind = FaultKind.Conflict,
            Place = folder,
        });

    public static TandemException PositionNotKept(
        JournalPosition position, JournalPosition begin, JournalPosition end) =>
        new(new Fault(
            "EVT007",
            $"The raw log has no event at position {position}; it keeps {begin} to {end}.",
            "Read from a position that it keeps. What retention removed is in the lake: 'tandem lake sql'.")
        {
            Kind = FaultKind.NotFound,
        });

    public static TandemException DiskFailed(string doing, string path, Exception inner) =>
        new(
            new Fault(
                "EVT008",
                $"{doing} failed: {inner.Message}",
                "Repair the disk, then start the process again; until then the raw log takes no more events.")
            {
                Kind = FaultKind.Unavailable,
                Place = path,
            },
            inner);

    public static TandemException TooMuchWaits(int appends, long bytes) =>
        new(new Fault(
            "EVT011",
            $"Too much waits for the disk already: {appends} appends, {bytes} bytes. This one was not taken.",
            "Send it again after a second; if it stays so, send more events at once, or use a faster disk.")
        {
            Kind = FaultKind.Busy,
        });

    public static TandemException DiskRefused(string path, Exception inner) =>
        new(
            new Fault(
                "EVT012",
                $"The disk refused the events, and nothing of them is in the raw log: {inner.Message}",
                "Make room on the disk, then send them again; what was acknowledged is safe and can be read.")
            {
                Kind = FaultKind.Unavailable,
                Place = path,
            },
            inner);

    public static TandemException IsMirror(string folder) =>
        new(new Fault(
            "EVT015",
            "The folder is the copy of a raw log that a broker holds, not a log of its own.",
            "Write 'journal: amqp://…' in tandem.yaml again, or name another store.")
        {
            Kind = FaultKind.Conflict,
            Place = folder,
        });

    public static TandemException NotAMirror(string folder) =>
        new(new Fault(
            "EVT016",
            "The folder holds a raw log of its own, which the broker does not have.",
            "Write 'journal: file' in tandem.yaml again, or begin a new store and import the events there.")
        {
            Kind = FaultKind.Conflict,
            Place = folder,
        });

    public static TandemException DamageInCopy(string folder) =>
        new(new Fault(
            "EVT017",
            "The damaged folder is only a copy of the raw log: a broker's stream holds its events, and taking them out here " +
            "would lose them.",
            "Move the folder away and start the system: it makes the copy again from the broker. Only where the broker no " +
            "longer holds the beginning (BCK017), put the folder back without its stream.json, repair it, and return the " +
            "file.")
        {
            Kind = FaultKind.Conflict,
            Place = folder,
        });

    public static TandemException SegmentsDoNotMeet(string path, long end, long next) =>
        new(new Fault(
            "EVT009",
            $"This segment ends at position {end}, but the next one begins at {next}.",
            "A segment is missing, cut or foreign: restore the log's folder from a backup. If there is none, " +
            "'tandem log repair' shows what is lost, and leaves a gap there when told to.")
        {
            Kind = FaultKind.Damaged,
            Place = path,
        });

    public static TandemException SegmentNotRemoved(string path, Exception inner) =>
        new(
            new Fault(
                "EVT013",
                $"A segment that need not be kept could not be removed: {inner.Message}",
                "See that the process may write the folder; the next trim after a restart removes it.")
            {
                Kind = FaultKind.Unavailable,
                Place = path,
            },
            inner);

    public static TandemException ReaderName(string name) =>
        new(new Fault(
            "EVT014",
            $"'{(name.Length <= 80 ? name : name[..80] + "…")}' cannot name a reader.",
            "Use 1 to 64 letters, digits, '-' and '_'."));

    public static TandemException ReaderDamaged(string path, string why) =>
        new(new Fault(
            "EVT014",
            $"The file of a named reader cannot be read: {why}.",
            "Set the reader again with 'tandem log readers set', or remove it with 'tandem log readers rm'.")
        {
            Kind = FaultKind.Damaged,
            Place = path,
        });

    public static TandemException ReadersLocked(string path, Exception inner) =>
        new(
            new Fault(
                "EVT014",
                "Another process has held the log's readers for ten seconds.",
                "Try again when its trim is done, or end the process that holds the file.")
            {
                Kind = FaultKind.Busy,
                Place = path,
            },
            inner);

    public static TandemException QuarantineDamaged(string key, string why) =>
        new(new Fault(
            "EVT010",
            $"The quarantine object is not readable: {why}",
            "Delete the object if its rows are no longer needed, or restore it from a backup.")
        {
            Kind = FaultKind.Damaged,
            Place = key,
        });
}
