using System.Globalization;
using Tandem.Faults;

namespace Tandem.Backends;

/// <summary>The room's messages. They carry no text of a server's own, which may repeat keys or signatures.</summary>
internal static class BackendErrors
{
    public static TandemException BadAddress(string address) => new(new Fault(
        "BCK001", $"'{Cut(address)}' is not the address of an S3 store.",
        "Write s3://bucket/prefix; the prefix is parts of ASCII letters, digits and -_.=+@~, separated by '/'."));

    public static TandemException BadEndpoint() => new(new Fault(
        "BCK002", "The address of the S3 server is none, or carries more than host and port.",
        "Correct s3.endpoint in tandem.json or TANDEM__S3__ENDPOINT; keys do not belong in it.")
    {
        Expected = "http://host:port or https://host:port, nothing else",
    });

    public static TandemException NoRegion() => new(new Fault(
        "BCK010", "No region is set, and no server of one's own.",
        "Set AWS_REGION, or s3.endpoint in tandem.json (TANDEM__S3__ENDPOINT).")
    {
        Kind = FaultKind.Unavailable,
    });

    public static TandemException NoCredentials() => new(new Fault(
        "BCK003", "No credentials for S3 were found.",
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with AWS_PROFILE, or run where a role is given.")
    {
        Kind = FaultKind.Unavailable,
    });

    public static TandemException Refused(string doing, string place, string answer) => new(new Fault(
        "BCK004", $"{doing} was refused: {answer}.",
        "Check the keys, the clock of this machine, and that they may list, read, write and delete below the prefix.")
    {
        Kind = FaultKind.Unavailable,
        Place = place,
    });

    public static TandemException NoBucket(string bucket) => new(new Fault(
        "BCK005", $"There is no bucket '{bucket}'.", "Create it, or correct 'store' in tandem.yaml; Tandem makes none.")
    {
        Kind = FaultKind.Unavailable,
    });

    public static TandemException Failed(string doing, string place, int attempts, string last) => new(new Fault(
        "BCK006", string.Create(CultureInfo.InvariantCulture, $"{doing} failed after {attempts} attempts: {last}."),
        "Check that the server runs and can be reached (TANDEM__S3__ENDPOINT names one of your own), then try again.")
    {
        Kind = FaultKind.Unavailable,
        Place = place,
    });

    public static TandemException NoChecksum(string place) => new(new Fault(
        "BCK007", "The object carries no checksum, so another program wrote it.",
        "Write it through Tandem; an object copied in needs the metadata 'tandem-sha256'.")
    {
        Kind = FaultKind.Damaged,
        Place = place,
    });

    public static TandemException NotConditional(string place) => new(new Fault(
        "BCK008", "The server replaces an object although it was asked to write only a new one (If-None-Match: *).",
        "Use a server that honours it, such as AWS, Ceph or MinIO: without it two writers could both believe they won.")
    {
        Kind = FaultKind.Unsupported,
        Place = place,
    });

    public static TandemException OddAnswer(string doing, string place, string answer) => new(new Fault(
        "BCK009", $"{doing} got an answer that S3 does not give: {answer}.",
        "Check that the endpoint is an S3 server and not a proxy or a page in front of it.")
    {
        Kind = FaultKind.Unavailable,
        Place = place,
    });

    public static TandemException BadAmqpAddress() => new(new Fault(
        "BCK011", "The address of the broker in 'journal' is none; it is not repeated, as it may hold a password.",
        "Correct it, with other characters than letters, digits and -._~ percent-encoded.")
    {
        Expected = "amqp://user:password@host:port/vhost, or amqps://…; user, port and vhost may be left out",
    });

    public static TandemException AmqpRefused(string place, string why) => new(new Fault(
        "BCK012", $"The broker refused: {why}.",
        "Check user and password in 'journal', and that they may configure, write and read in the virtual host.")
    {
        Kind = FaultKind.Unavailable,
        Place = place,
    });

    public static TandemException BrokerAway(string place, string last) => new(new Fault(
        "BCK013", $"The broker was not reached: {last}.",
        "Check that RabbitMQ runs there and can be reached, then start again.")
    {
        Kind = FaultKind.Unavailable,
        Place = place,
    });

    public static TandemException Unconfirmed(string place, string last) => new(new Fault(
        "BCK014", $"The broker has not confirmed the events: {last}. They may still become durable.",
        "Send them again under their ids, which makes none of them double; it goes on once the broker is back.")
    {
        Kind = FaultKind.Unavailable,
        Place = place,
    });

    public static TandemException StreamHeld(string place, string holder) => new(new Fault(
        "BCK015", $"The raw log is open for writing in {holder}; only one process writes.",
        "Stop that process, or send it the events over HTTP.")
    {
        Kind = FaultKind.Conflict,
        Place = place,
    });

    public static TandemException StreamTaken(string place, string writer) => new(new Fault(
        "BCK016", $"While the broker was away from this process, {writer} took the raw log and wrote to it.",
        "Stop one of the two, and start this one again; it then reads what the other wrote.")
    {
        Kind = FaultKind.Conflict,
        Place = place,
    });

    public static TandemException StreamGap(string place, long expected, long found) => new(new Fault(
        "BCK017", string.Create(
            CultureInfo.InvariantCulture,
            $"The stream no longer holds the raw log from position {expected} on; what is left goes on at {found}."),
        "Retention on the broker was faster than this store: give the stream's policy more time or space. To go on " +
        "where the lake has all of it, delete the copy's folder.")
    {
        Kind = FaultKind.Damaged,
        Place = place,
    });

    public static TandemException StreamLost(string place, long position) => new(new Fault(
        "BCK018", string.Create(
            CultureInfo.InvariantCulture,
            $"The stream ends before position {position}, up to which the broker had confirmed the raw log."),
        "The stream was deleted, or a power cut took its end: restore the broker's data, or begin a new store.")
    {
        Kind = FaultKind.Damaged,
        Place = place,
    });

    public static TandemException OtherStream(string place) => new(new Fault(
        "BCK019", "The stream holds another raw log than the one that the folder is a copy of.",
        "Correct 'journal', or begin a new store.")
    {
        Kind = FaultKind.Conflict,
        Place = place,
    });

    public static TandemException StreamFormat(string found) => new(new Fault(
        "BCK020", $"The stream holds '{Cut(found)}', which this build does not read.", "Upgrade Tandem.")
    {
        Kind = FaultKind.Unsupported,
    });

    public static TandemException NotAStream(string place) => new(new Fault(
        "BCK021", "The broker has a queue of that name which is no stream, or has none for streams.",
        "Delete the queue, name another virtual host, or use RabbitMQ 3.9 or later with stream queues enabled.")
    {
        Kind = FaultKind.Conflict,
        Place = place,
    });

    public static TandemException BadPostgresAddress() => new(new Fault(
        "BCK030", "The address in features.store is none; it is not repeated, as it may hold a password.",
        "Correct it, with other characters than letters, digits and -._~ percent-encoded.")
    {
        Expected = "postgres://user@host:port/database, with ?sslmode=verify-full or another mode where TLS is wanted",
    });

    public static TandemException PostgresRefused(string place, string state) => new(new Fault(
        "BCK031", $"The database server refused ({state}).",
        "Check user, password (TANDEM__FEATURES__PASSWORD), database, and the right to create a schema in it.")
    {
        Kind = FaultKind.Unavailable,
        Place = place,
    });

    public static TandemException PostgresAway(string place, string last) => new(new Fault(
        "BCK032", $"The online features are away: {last}.",
        "Check that PostgreSQL runs there and can be reached; it goes on once the server is back.")
    {
        Kind = FaultKind.Unavailable,
        Place = place,
    });

    public static TandemException NotFilled(string place) => new(new Fault(
        "BCK033", "The server holds no online features of this system yet.",
        "Start the process that writes the log (tandem up): it fills them from the lake.")
    {
        Kind = FaultKind.Unavailable,
        Place = place,
    });

    public static TandemException OtherDefinitions(string place) => new(new Fault(
        "BCK034", "The server holds online features of other definitions than this process has.",
        "Start this process again with the tandem.yaml of the process that applies, or that one with this file.")
    {
        Kind = FaultKind.Conflict,
        Place = place,
    });

    public static TandemException PlaceMoved(string place, long from) => new(new Fault(
        "BCK035", string.Create(
            CultureInfo.InvariantCulture,
            $"The server's online features no longer stand at {from}: another process applied or filled them."),
        "Nothing needs to be done where that was a process of before; else stop one of the two.")
    {
        Kind = FaultKind.Conflict,
        Place = place,
    });

    public static TandemException PostgresOdd(string place, string state) => new(new Fault(
        "BCK036", $"The database server failed ({state}).",
        "Its log says more; the code is explained in PostgreSQL's manual, appendix A.")
    {
        Kind = FaultKind.Unavailable,
        Place = place,
    });

    private static string Cut(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");
}
