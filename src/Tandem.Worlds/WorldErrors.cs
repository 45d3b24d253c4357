using System.Globalization;
using Tandem.Faults;

namespace Tandem.Worlds;

/// <summary>Everything that can be wrong with a world's settings, in one place.</summary>
internal static class WorldErrors
{
    public static Fault OutOfRange(string setting, double value, double least, double most)
    {
        return new("WLD001", Text($"World setting {setting} is {value} (counts after the scale)."),
            $"Change {setting} or Scale.")
        {
            Place = setting,
            Expected = Text($"a value from {least} to {most}"),
        };
    }

    public static Fault StartNotMidnight(DateTimeOffset start)
    {
        return new("WLD002", Text($"World setting Start is {start:O}, which is not midnight UTC."),
            "Begin the world at a midnight, such as 2026-01-01T00:00:00Z.")
        {
            Place = nameof(WorldOptions.Start),
        };
    }

    public static Fault DriftOutsideHorizon(string setting, DateTimeOffset at, DateTimeOffset start, int days)
    {
        return new("WLD003", Text($"World setting {setting} is {at:O}, outside the {days} days from {start:O}."),
            $"Move {setting} into the world's days, or lengthen HorizonDays.")
        {
            Place = setting,
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
