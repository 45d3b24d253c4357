namespace Tandem.Spec.Expressions;

/// <summary>The functions and operators of expressions.</summary>
internal static class ExpressionFunctions
{
    /// <summary>The sign of a number, as a call.</summary>
    public const string Negate = "negate";

    private const int Many = 16;

    public static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    public static readonly IReadOnlyList<ExpressionFunction> All =
    [
        new("abs", 1, 1, "abs(number)"),
        new("ceil", 1, 1, "ceil(number)"),
        new("coalesce", 2, Many, "coalesce(a, b, …)"),
        new("cross", 2, Many, "cross(a, b, …)"),
        new("distance", 4, 4, "distance(latitude, longitude, latitude, longitude)"),
        new("floor", 1, 1, "floor(number)"),
        new("hour", 1, 1, "hour(time)"),
        new("if", 3, 3, "if(flag, a, b)"),
        new("is_null", 1, 1, "is_null(a)"),
        new("log1p", 1, 1, "log1p(number)"),
        new("max", 2, Many, "max(a, b, …)"),
        new("min", 2, Many, "min(a, b, …)"),
        new("sqrt", 1, 1, "sqrt(number)"),
        new("time", 1, 1, "time(\"2026-01-01T00:00:00Z\")"),
        new("weekday", 1, 1, "weekday(time)"),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(static each => each.Name)];

    public static ExpressionFunction? Find(string name) => All.FirstOrDefault(each => each.Name == name);
}
