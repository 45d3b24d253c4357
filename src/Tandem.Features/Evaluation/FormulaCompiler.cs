using System.Diagnostics;
using System.Globalization;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>Makes a formula of an expression whose types are checked.</summary>
/// <param name="scope">The types of the names.</param>
/// <param name="columnOf">Gives the cell of a name.</param>
internal sealed class FormulaCompiler(ExpressionScope scope, Func<string, int> columnOf)
{
    private const double MostSeconds = 1e11;

    public Formula Compile(Expression expression) => expression.Kind switch
    {
        ExpressionKind.Nothing => new Formula.Constant(double.NaN),
        ExpressionKind.Number or ExpressionKind.Flag => new Formula.Constant(expression.Number),
        ExpressionKind.Text => new Formula.Literal(expression.Name),
        ExpressionKind.Name => new Formula.Cell(columnOf(expression.Name)),
        _ => CompileCall(expression),
    };

    private Formula CompileCall(Expression call)
    {
        if (call.Name == "time")
        {
            var moment = DateTimeOffset.Parse(
                call.Arguments[0].Name, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            return new Formula.Constant(SourceRow.Seconds(Micros.Of(moment)));
        }

        Formula[] arguments = [.. call.Arguments.Select(Compile)];
        return call.Name switch
        {
            "if" => new Formula.Choice(arguments[0], arguments[1], arguments[2]),
            "coalesce" => new Formula.Coalesce(arguments),
            "is_null" => new Formula.IsNull(arguments[0], TypeOf(call.Arguments[0]) == ExpressionType.Text),
            "cross" => new CrossFormula([.. arguments.Zip(call.Arguments.Select(TypeOf))]),
            "distance" => new Formula.Distance(arguments),
            "min" or "max" => arguments.Aggregate((left, right) =>
                new Formula.Binary(call.Name == "min" ? Math.Min : Math.Max, left, right)),
            _ when arguments.Length == 1 => new Formula.Unary(UnaryOf(call.Name), arguments[0]),
            _ when call.Arguments.Any(each => TypeOf(each) == ExpressionType.Text) =>
                new Formula.TextComparison(BinaryOf(call.Name), arguments[0], arguments[1]),
            _ => new Formula.Binary(BinaryOf(call.Name), arguments[0], arguments[1]),
        };
    }

    private ExpressionType TypeOf(Expression expression) => expression.Kind == ExpressionKind.Nothing
        ? ExpressionType.Nothing
        : expression.TypeIn(scope, out _) ?? ExpressionType.Nothing;

    private static Func<double, double> UnaryOf(string name) => name switch
    {
        "negate" => static x => -x,
        "not" => static x => 1 - x,
        "abs" => Math.Abs,
        "ceil" => Math.Ceiling,
        "floor" => Math.Floor,
        "log1p" => LogOfOnePlus,
        "sqrt" => Math.Sqrt,
        "hour" => static x => Hours(x) is { } hours ? Modulo(hours, 24) : double.NaN,
        // 1970-01-01 was a Thursday, the fourth day.
        "weekday" => static x => Hours(x) is { } hours ? Modulo((long)Math.Floor(hours / 24.0) + 3, 7) + 1 : double.NaN,
        _ => throw new UnreachableException(),
    };

    private static Func<double, double, double> BinaryOf(string name) => name switch
    {
        "+" => static (x, y) => x + y,
        "-" => static (x, y) => x - y,
        "*" => static (x, y) => x * y,
        // Zero divided gives what is not finite, which is null.
        "/" => static (x, y) => x / y,
        // One flag that decides is enough, whatever the other is.
        "and" => static (x, y) => x == 0 || y == 0 ? 0 : x + y == 2 ? 1 : double.NaN,
        "or" => static (x, y) => x == 1 || y == 1 ? 1 : x + y == 0 ? 0 : double.NaN,
        "==" => static (x, y) => Known(x, y, x == y),
        "!=" => static (x, y) => Known(x, y, x != y),
        "<" => static (x, y) => Known(x, y, x < y),
        "<=" => static (x, y) => Known(x, y, x <= y),
        ">" => static (x, y) => Known(x, y, x > y),
        ">=" => static (x, y) => Known(x, y, x >= y),
        _ => throw new UnreachableException(),
    };

    private static double Known(double x, double y, bool holds) =>
        double.IsNaN(x) || double.IsNaN(y) ? double.NaN : holds ? 1 : 0;

    /// <summary>ln(1 + x), exact in the last bits for small x too (Kahan); null below −1.</summary>
    private static double LogOfOnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : double.IsInfinity(sum) ? double.NaN : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>Whole hours since 1970 of a moment; null beyond the calendar.</summary>
    private static long? Hours(double seconds)
    {
        const long Hour = 3_600_000_000;
        if (!(Math.Abs(seconds) < MostSeconds))
        {
            return null;
        }

        long micros = (long)Math.Round(seconds * 1e6);
        return (micros - (long)Modulo(micros, Hour)) / Hour;
    }

    private static double Modulo(long x, long y) => ((x % y) + y) % y;
}
