using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Tandem.Spec;

/// <summary>Lengths of time as designs write them: <c>15m</c>, <c>3h</c>, <c>1d12h</c>.</summary>
public static partial class DurationText
{
    /// <summary>What a length of time looks like; <c>0</c> needs no unit.</summary>
    internal const string Pattern =
        "^(0|(?=[0-9])(?<d>[0-9]+d)?(?<h>[0-9]+h)?(?<m>[0-9]+m)?(?<s>[0-9]+s)?(?<ms>[0-9]+ms)?)$";

    private static readonly (string Unit, long Milliseconds)[] Units =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    /// <summary>Reads a length of time.</summary>
    /// <param name="text">Whole numbers with units, largest first: <c>d</c>, <c>h</c>, <c>m</c>, <c>s</c>, <c>ms</c>;
    /// or <c>0</c>.</param>
    /// <param name="value">The length, at most 100,000 days; zero where the text is not one.</param>
    /// <returns>True where the text is a length of time.</returns>
    public static bool TryRead(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        Match match = Form().Match(text);
        if (!match.Success || text.EndsWith('\n'))
        {
            return false;
        }

        double total = 0;
        for (int i = 0; i < Units.Length; i++)
        {
            ReadOnlySpan<char> part = match.Groups[Units[i].Unit].ValueSpan;
            if (part.Length > 0)
            {
                total += double.Parse(part[..^Units[i].Unit.Length], CultureInfo.InvariantCulture)
                    * Units[i].Milliseconds;
            }
        }

        // Sums of whole milliseconds below 2^53 are exact in a double.
        bool isSmall = total <= 100_000d * Units[0].Milliseconds;
        value = isSmall ? TimeSpan.FromMilliseconds((long)total) : TimeSpan.Zero;
        return isSmall;
    }

    /// <summary>Writes a length of time in its one shortest form, such as <c>1d12h</c>.</summary>
    /// <param name="value">The length, ≥ 0; parts of milliseconds are cut.</param>
    /// <returns>The text; <c>0s</c> for zero.</returns>
    public static string Write(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        long rest = value.Ticks / TimeSpan.TicksPerMillisecond;
        StringBuilder text = new();
        foreach ((string unit, long milliseconds) in Units)
        {
            if (rest >= milliseconds)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / milliseconds}{unit}");
                rest %= milliseconds;
            }
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    [GeneratedRegex(Pattern, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
