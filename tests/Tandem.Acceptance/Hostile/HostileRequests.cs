using System.Text;

namespace Tandem.Acceptance.Hostile;

/// <summary>Bodies for the routes: every one of them must be refused, or answered, but never break anything.</summary>
internal sealed class HostileRequests(HostileText text)
{
    private static readonly string[] EventKeys =
        ["id", "type", "tenant", "entities", "time", "known", "request", "position", "propensity", "features", "data", "~"];

    private static readonly string[] QuestionKeys = ["user", "history", "k", "exclude_seen", "filters", "trace"];

    /// <summary>Something that is not an event of the system, on one line.</summary>
    public byte[] Event() => OneLine(text.Next(10) switch
    {
        0 => text.Noise(1 + text.Next(300)),
        1 => Encoding.UTF8.GetBytes(text.Value()),
        2 or 3 => text.Mutate(Play(time: "\"2026-01-05T00:00:00Z\"", type: text.Chance(0.5) ? "\"plaid\"" : "play")),
        _ => Encoding.UTF8.GetBytes(WrongEvent()),
    });

    /// <summary>A question with something wrong about it, or odd but allowed.</summary>
    public byte[] Question() => text.Next(10) switch
    {
        0 => text.Noise(text.Next(300)),
        1 => Encoding.UTF8.GetBytes(text.Value()),
        2 or 3 => text.Mutate("""{"user":"u1","k":10,"exclude_seen":true,"filters":{"category":["a"]},"history":["v1"]}"""),
        4 => Encoding.UTF8.GetBytes($$"""{"k":{{text.Pick(["-1", "0", "1001", "2147483647", "-2147483648", "1e9"])}},"user":"u1"}"""),
        5 => Encoding.UTF8.GetBytes(
            $$$"""{"user":"u1","k":5,"filters":{{{{text.Quoted(text.Odd())}}}:[{{{text.Quoted(text.Odd())}}},{{{text.Value()}}}]}}"""),
        6 => Encoding.UTF8.GetBytes($$"""{"user":{{text.Quoted(text.Odd())}},"history":[{{text.Quoted(text.Odd())}}],"k":3}"""),
        7 => Encoding.UTF8.GetBytes(text.Pick(
        [
            """{"filters":{"category":null}}""", """{"filters":{"category":[null]}}""", """{"history":[null],"k":2}""",
            """{"user":"u1","user":"u2","k":1,"k":2}""", """{"user":"u1","k":1.5}""", """{"user":1}""", """{"filters":[]}""",
        ])),
        _ => Encoding.UTF8.GetBytes(Object(QuestionKeys)),
    };

    // Each has at least one fault that no luck can mend.
    private string WrongEvent() => text.Next(8) switch
    {
        0 => Play(time: text.Pick(["\"2999-01-01T00:00:00Z\"", "\"yesterday\"", "12", "\"2026-13-45T99:00:00Z\"", "{}"])),
        1 => Play(fraction: text.Pick(["2", "-0.1", "\"0.5\"", "1e400", "[0.5]", "{}"])),
        2 => Play(user: text.Pick(["\"\"", "null", "[]", "12", "\"" + new string('u', 300) + "\""])),
        3 => Play(type: text.Quoted("x" + text.Odd())),
        4 => "{" + Play()[1..^1] + ",\"entities\":" + text.Pick(["{}", "[]", "1", "null"]) + "}",
        5 => Play(extra: ",\"data\":{\"watch_fraction\":0.5,\"deep\":" + new string('[', 40) + new string(']', 40) + "}"),
        6 => Play(extra: ",\"unheard_of\":" + text.Quoted(text.Odd())),
        _ => Object(EventKeys),
    };

    private static string Play(
        string type = "\"play\"", string user = "\"u1\"", string time = "\"2026-01-05T00:00:00Z\"", string fraction = "0.9",
        string extra = "") =>
        $$$"""{"type":{{{type}}},"entities":{"user":{{{user}}},"item":"v1"},"time":{{{time}}},"data":{"watch_fraction":{{{fraction}}}}{{{extra}}}}""";

    private string Object(string[] keys) =>
        "{" + string.Join(',', Enumerable.Range(0, text.Next(keys.Length)).Select(_ =>
            $"\"{(text.Chance(0.1) ? text.Odd() : text.Pick(keys))}\":{text.Value()}")) + "}";

    private static byte[] OneLine(byte[] bytes)
    {
        bytes.AsSpan().Replace((byte)'\n', (byte)' ');
        return bytes;
    }
}
