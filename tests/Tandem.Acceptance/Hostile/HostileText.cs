using System.Globalization;
using System.Text;
using Tandem.Numerics;

namespace Tandem.Acceptance.Hostile;

/// <summary>Makes text that a friendly program never sends: seeded, so that a failure comes again.</summary>
internal sealed class HostileText(ulong seed, ulong stream)
{
    private static readonly string[] Oddities =
    [
        "", " ", "\0", "\u0001\u001f\u007f", "\r\n\r\n", "\u2028\u2029", "\ufeff", "\ufffd", "\u202e", "e\u0301\u0301\u0301",
        "👩‍👩‍👧‍👦", "𝒳", "İ", "ß", "../../../../etc/passwd", "..\\..\\windows", "/dev/null", "file:///etc/shadow",
        "C:\\con", "%2e%2e%2f", "'; DROP TABLE play; --", "\" OR 1=1", "${jndi:ldap://x}", "{{7*7}}", "$(id)", "`id`",
        "<script>alert(1)</script>", "__proto__", "constructor", "$type", "NaN", "-Infinity", "null", "true", "1e999",
        "9223372036854775808", "-0", "0x1F", "1_000", "~", "&a *a", "!!binary", "\t", "id", "type", "entities", "default",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "-1", "1", "2147483648", "-2147483649", "9223372036854775808", "18446744073709551616", "1e308", "1e309",
        "-1e400", "1e-400", "0.1", "01", "+1", ".5", "5.", "1e", "NaN", "Infinity", "-", "0x10", "1e5", "1.0", "1000.0001",
    ];

    private SeededRandom _random = new(seed, stream);

    /// <summary>A whole number in [0, bound).</summary>
    public int Next(int bound) => _random.NextInt(bound);

    public T Pick<T>(IReadOnlyList<T> of) => of[Next(of.Count)];

    public bool Chance(double share) => _random.NextDouble() < share;

    /// <summary>An odd string; now and then a giant one.</summary>
    public string Odd() => Next(200) switch
    {
        0 => new string('x', 20_000 + Next(200_000)),
        < 10 => string.Concat(Enumerable.Repeat(Pick(Oddities), 1 + Next(60))),
        < 60 => Pick(Oddities) + Pick(Oddities),
        _ => Pick(Oddities),
    };

    /// <summary>The string as JSON; sometimes as JSON that is not quite allowed.</summary>
    public string Quoted(string text) => Next(20) switch
    {
        0 => $"\"{text}\"",
        1 => $"'{text}'",
        2 => "\"\\ud800\"",
        3 => "\"\\u12\"",
        4 => "\"\\x41\"",
        _ => System.Text.Json.JsonSerializer.Serialize(text),
    };

    /// <summary>A JSON value of any type, or something near one.</summary>
    public string Value(int depth = 0) => Next(depth > 3 ? 7 : 11) switch
    {
        0 => "null",
        1 => Pick(["true", "false", "True", "undefined"]),
        2 or 3 => Pick(Numbers),
        4 => new string('9', 1 + Next(400)),
        5 or 6 => Quoted(Odd()),
        7 => "[" + string.Join(',', Enumerable.Range(0, Next(5)).Select(_ => Value(depth + 1))) + "]",
        8 => Nested(1 + Next(Chance(0.05) ? 20_000 : 100)),
        _ => "{" + string.Join(',', Enumerable.Range(0, Next(5)).Select(_ => $"{Quoted(Odd())}:{Value(depth + 1)}")) + "}",
    };

    /// <summary>Random bytes.</summary>
    public byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)Next(256);
        }

        return bytes;
    }

    /// <summary>Cuts, flips, doubles or splices bytes of a text, so that it is nearly what it was.</summary>
    public byte[] Mutate(string text)
    {
        List<byte> bytes = [.. Encoding.UTF8.GetBytes(text)];
        for (int n = 1 + Next(4); n > 0 && bytes.Count > 0; n--)
        {
            int at = Next(bytes.Count);
            switch (Next(6))
            {
                case 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 1:
                    bytes[at] = (byte)Next(256);
                    break;
                case 2:
                    bytes[at] ^= (byte)(1 << Next(8));
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(1 + Next(12), bytes.Count - at));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(1 + Next(30), bytes.Count - at)));
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Chance(0.5) ? Pick(Numbers) : Pick(Oddities)));
                    break;
            }
        }

        return [.. bytes];
    }

    private string Nested(int depth)
    {
        (string open, string close) = Chance(0.5) ? ("[", "]") : ("{\"a\":", "}");
        string middle = open == "[" ? "" : "1";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Concat(Enumerable.Repeat(open, depth))}{middle}{(Chance(0.3) ? "" : string.Concat(Enumerable.Repeat(close, depth)))}");
    }
}
