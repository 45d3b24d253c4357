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

    private static string Cut(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");
}
