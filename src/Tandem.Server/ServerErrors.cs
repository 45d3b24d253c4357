using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tandem.Faults;

namespace Tandem.Server;

/// <summary>Every message of this room; <c>docs/errors.md</c> lists the codes.</summary>
internal static class ServerErrors
{
    /// <summary>The status of a fault of this room where it says more than the fault's kind does, or null.</summary>
    public static int? StatusOf(Fault fault) => fault.Code switch
    {
        "HTP015" or "HTP018" or "HTP019" => StatusCodes.Status413PayloadTooLarge,
        "HTP016" => StatusCodes.Status415UnsupportedMediaType,
        _ => null,
    };

    public static TandemException PublicWithoutKeys(string address) => new(new Fault(
        "HTP001",
        $"The address {address} can be reached from other machines, and there are no API keys.",
        "Set TANDEM__APIKEYS to one or more keys, or listen on http://127.0.0.1:8080."));

    public static TandemException BadAddress(string address) => new(new Fault(
        "HTP002",
        $"'{address}' is not an address to listen on.",
        "Write http://host:port without a path, such as http://127.0.0.1:8080."));

    public static TandemException ShortKey() => new(new Fault(
        "HTP003",
        $"An API key has fewer than {ServerOptions.ShortestKey} characters.",
        "Use a long random key, such as the output of: openssl rand -hex 24"));

    public static TandemException CannotListen(string address, Exception inner) => new(
        new Fault(
            "HTP004",
            $"Listening on {address} failed: {inner.Message}",
            "Stop what uses the port, or choose another address; port 0 takes a free one.")
        {
            Kind = FaultKind.Unavailable,
        },
        inner);

    public static Fault KeyMissing() => new(
        "HTP005",
        "The request carries no valid API key.",
        "Send one as 'Authorization: Bearer <key>' or 'X-Api-Key: <key>'.");

    public static Fault HostNotAllowed(string host) => new(
        "HTP006",
        $"The host '{host}' is not this machine.",
        "Call the server by localhost or 127.0.0.1, or set API keys to let it be called by any name.");

    public static Fault NoSuchRoute(string method, string path) => new(
        "HTP007",
        $"There is no route {method} {path}.",
        "See /openapi/v1.json for the routes and their methods.")
    {
        Kind = FaultKind.NotFound,
    };

    public static Fault BodyTooLarge(long limitBytes) => new(
        "HTP008",
        $"The body is longer than {limitBytes} bytes.",
        "Send it in several requests.");

    public static Fault BadMediaType(string? mediaType, string expected) => new(
        "HTP009",
        $"A body of type '{mediaType}' is not understood here.",
        $"Send {expected} and say so in Content-Type.");

    public static TandemException BadBody(string what, string? place, Exception? inner = null) => new(
        new Fault("HTP010", what, "Send JSON as docs/http.md and /openapi/v1.json describe it.") { Place = place },
        inner);

    public static Fault TooMuch(int seconds) => new(
        "HTP011",
        "The server takes no more requests at the moment.",
        $"Wait {seconds} s and send it again.")
    {
        Kind = FaultKind.Busy,
    };

    public static Fault Unexpected(string kind) => new(
        "HTP012",
        $"The server failed in a way that nobody foresaw ({kind}).",
        "Try again; if it stays, report it with the request that shows it.")
    {
        Kind = FaultKind.Unavailable,
    };

    public static Fault BadRequest(int status) => new(
        "HTP013",
        $"The request is not HTTP as this server takes it ({status}).",
        "Check its method, headers and length.");

    public static Fault StudioMissing(string folder) => new(
        "HTP014",
        $"The studio's files are not in {folder}.",
        "Run ./tandem, which builds them, or: npm --prefix studio ci && npm --prefix studio run build.")
    {
        Kind = FaultKind.NotFound,
    };

    public static TandemException UnpacksToTooMuch(long limitBytes) => new(new Fault(
        "HTP015",
        $"The body unpacks to more than {limitBytes} bytes.",
        "Send it in several requests."));

    public static TandemException BadEncoding(string encoding) => new(new Fault(
        "HTP016",
        $"A body packed as '{Cut(encoding)}' is not understood.",
        "Send it plain, or with Content-Encoding: gzip."));

    public static TandemException BadQuery(string name, string value, string expected) => new(new Fault(
        "HTP017",
        $"The query says {name}={Cut(value)}.",
        "Correct the address.")
    {
        Expected = expected,
    });

    public static TandemException TooManyEvents(int limit, int taken) => new(new Fault(
        "HTP018",
        $"The body holds more than {limit} events; the first {taken} were taken.",
        "Send the others in further requests; an event sent again under its id is the same event."));

    public static TandemException TooManyValues(long asked, int limit) => new(new Fault(
        "HTP019",
        string.Create(
            CultureInfo.InvariantCulture, $"{asked} values are asked for, rows times columns; {limit} may be."),
        "Ask for them in several requests."));

    public static TandemException LineTooLong(long line, int limit) => new(new Fault(
        "HTP010",
        $"Line {line} is longer than {limit} bytes, and so than any event; what stands before it was taken.",
        "Send one event a line.")
    {
        Place = $"body:{line}:1",
    });

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
