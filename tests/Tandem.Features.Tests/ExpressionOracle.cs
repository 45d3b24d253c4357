using System.Globalization;
using Tandem.Spec;

namespace Tandem.Features.Tests;

/// <summary>The meaning of expressions, computed over boxed values straight from the tree; shares no code with the
/// evaluation. Null is null; numbers are <see cref="double"/>, moments <see cref="DateTimeOffset"/>.</summary>
internal static class ExpressionOracle
{
    public static object? Value(Expression e, Func<string, object?> names)
    {
        object? At(int index) => Value(e.Arguments[index], names);
        switch (e.Kind)
        {
            case ExpressionKind.Nothing:
                return null;
            case ExpressionKind.Number:
                return e.Number;
            case ExpressionKind.Flag:
                return e.Number == 1;
            case ExpressionKind.Text:
                return e.Name;
            case ExpressionKind.Name:
                return names(e.Name);
            default:
                break;
        }

        switch (e.Name)
        {
            case "if":
                return At(0) is true ? At(1) : At(2);
            case "coalesce":
                return e.Arguments.Select(each => Value(each, names)).FirstOrDefault(each => each is not null);
            case "is_null":
                return At(0) is null;
            case "and":
                return (At(0), At(1)) switch { (false, _) or (_, false) => false, (true, true) => true, _ => null };
            case "or":
                return (At(0), At(1)) switch { (true, _) or (_, true) => true, (false, false) => false, _ => null };
            case "time":
                return DateTimeOffset.Parse(e.Arguments[0].Name, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            default:
                break;
        }

        object?[] given = [.. e.Arguments.Select(each => Value(each, names))];
        return Array.Exists(given, each => each is null) ? null : OfCall(e.Name, given);
    }

    private static object? OfCall(string name, object?[] given) => (name, given) switch
    {
        ("not", [bool flag]) => !flag,
        ("negate", [double x]) => Number(0 - x),
        ("abs", [double x]) => Number(x < 0 ? -x : x),
        ("floor", [double x]) => Number(Math.Floor(x)),
        ("ceil", [double x]) => Number(Math.Ceiling(x)),
        ("sqrt", [double x]) => Number(Math.Sqrt(x)),
        ("log1p", [double x]) => Number(1 + x == 1 ? x : Math.Log(1 + x) * (x / (1 + x - 1))),
        ("hour", [DateTimeOffset time]) => (double)time.UtcDateTime.Hour,
        ("weekday", [DateTimeOffset time]) => time.UtcDateTime.DayOfWeek == DayOfWeek.Sunday ? 7d : (double)time.UtcDateTime.DayOfWeek,
        ("cross", _) => string.Join('|', given.Select(each => each switch
        {
            string text => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal),
            bool flag => flag ? "true" : "false",
            _ => ((double)each!).ToString("R", CultureInfo.InvariantCulture),
        })),
        ("min", _) => given.OrderBy(each => each).First(),
        ("max", _) => given.OrderBy(each => each).Last(),
        ("distance", [double a, double b, double c, double d]) => Way(a, b, c, d),
        ("+", [double x, double y]) => Number(x + y),
        ("-", [double x, double y]) => Number(x - y),
        ("*", [double x, double y]) => Number(x * y),
        ("/", [double x, double y]) => y == 0 ? null : Number(x / y),
        ("-", [DateTimeOffset x, DateTimeOffset y]) => Seconds(x) - Seconds(y),
        (_, [double x, double y]) => Holds(name, x.CompareTo(y)),
        (_, [bool x, bool y]) => Holds(name, x.CompareTo(y)),
        (_, [DateTimeOffset x, DateTimeOffset y]) => Holds(name, x.CompareTo(y)),
        (_, [string x, string y]) => Holds(name, ByBytes(x, y)),
        _ => throw new NotSupportedException(name),
    };

    public static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / 10 / 1e6;

    private static object? Number(double x) => double.IsFinite(x) ? x + 0.0 : null;

    private static bool Holds(string sign, int order) => sign switch
    {
        "==" => order == 0,
        "!=" => order != 0,
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        ">=" => order >= 0,
        _ => throw new NotSupportedException(sign),
    };

    private static int ByBytes(string x, string y) =>
        System.Text.Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y));

    private static object? Way(double firstLatitude, double firstLongitude, double latitude, double longitude)
    {
        if (Math.Max(Math.Abs(firstLatitude), Math.Abs(latitude)) > 90
            || Math.Max(Math.Abs(firstLongitude), Math.Abs(longitude)) > 180)
        {
            return null;
        }

        const double Degree = Math.PI / 180;
        double north = Math.Sin(((latitude * Degree) - (firstLatitude * Degree)) / 2);
        double east = Math.Sin(((longitude * Degree) - (firstLongitude * Degree)) / 2);
        double h = (north * north)
            + (Math.Cos(firstLatitude * Degree) * Math.Cos(latitude * Degree) * east * east);
        return Number(2 * 6371.0088 * Math.Asin(Math.Sqrt(h > 1 ? 1 : h)));
    }
}
