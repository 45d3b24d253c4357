using System.Globalization;

namespace Tandem.Spec.Expressions;

/// <summary>Writes the canonical text of an expression.</summary>
internal static class ExpressionText
{
    private const int Lowest = 1;
    private const int NotStrength = 3;
    private const int SignStrength = 7;

    public static string Of(Expression expression) => Of(expression, Lowest);

    private static string Of(Expression expression, int demanded)
    {
        string text = expression.Kind switch
        {
            ExpressionKind.Nothing => "null",
            ExpressionKind.Number => expression.Number.ToString("R", CultureInfo.InvariantCulture),
            ExpressionKind.Flag => expression.Number == 0 ? "false" : "true",
            ExpressionKind.Text => Quote(expression.Name),
            ExpressionKind.Name => ExpressionLexer.IsPlain(expression.Name) ? expression.Name : $"`{expression.Name}`",
            _ => OfCall(expression),
        };
        return StrengthOf(expression) < demanded ? $"({text})" : text;
    }

    private static string OfCall(Expression call)
    {
        int strength = StrengthOf(call);
        return call.Name switch
        {
            "not" => $"not {Of(call.Arguments[0], NotStrength)}",
            ExpressionFunctions.Negate => $"-{Of(call.Arguments[0], SignStrength)}",
            _ when strength == int.MaxValue =>
                $"{call.Name}({string.Join(", ", call.Arguments.Select(static each => Of(each)))})",
            // A comparison has no comparison on either side; the others group to the left.
            _ => $"{Of(call.Arguments[0], IsComparison(call) ? strength + 1 : strength)} {call.Name} "
                + Of(call.Arguments[1], strength + 1),
        };
    }

    private static int StrengthOf(Expression expression) => expression.Kind != ExpressionKind.Call
        ? int.MaxValue
        : expression.Name switch
        {
            "or" => Lowest,
            "and" => 2,
            "not" => NotStrength,
            "+" or "-" => 5,
            "*" or "/" => 6,
            ExpressionFunctions.Negate => SignStrength,
            _ => IsComparison(expression) ? 4 : int.MaxValue,
        };

    private static bool IsComparison(Expression call) =>
        ExpressionFunctions.Comparisons.Contains(call.Name, StringComparer.Ordinal);

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
