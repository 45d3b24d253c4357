using System.Globalization;

namespace Tandem.Spec.Expressions;

/// <summary>Finds the type of an expression.</summary>
internal sealed class ExpressionTyping(Expression whole, ExpressionScope scope)
{
    private const ExpressionType Nothing = ExpressionType.Nothing;
    private const ExpressionType Number = ExpressionType.Number;
    private const ExpressionType Flag = ExpressionType.Flag;
    private const ExpressionType Text = ExpressionType.Text;
    private const ExpressionType Time = ExpressionType.Time;

    private readonly string _text = whole.Source ?? whole.ToString();

    /// <exception cref="ExpressionFault">A name is not known, or a type does not fit.</exception>
    public static ExpressionType Of(Expression expression, ExpressionScope scope)
    {
        ExpressionType type = new ExpressionTyping(expression, scope).TypeOf(expression);
        return type != Nothing || expression.Names.Count > 0
            ? type
            : throw new ExpressionFault(
                1, ExpressionErrors.Misfit(expression.ToString(), 1, "it is always null", "something that has a value"));
    }

    private ExpressionType TypeOf(Expression each) => each.Kind switch
    {
        ExpressionKind.Nothing => Nothing,
        ExpressionKind.Number => Number,
        ExpressionKind.Flag => Flag,
        ExpressionKind.Text => Text,
        ExpressionKind.Name => scope.Find(each.Name) ?? throw new ExpressionFault(
            each.Column, ExpressionErrors.UnknownName(_text, each.Column, each.Name, scope.Names)),
        _ => OfCall(each),
    };

    private ExpressionType OfCall(Expression call)
    {
        switch (call.Name)
        {
            case "and" or "or" or "not":
                return All(call, Flag, Flag);
            case "==" or "!=":
                Same(call, 0, Number, Flag, Text, Time);
                return Flag;
            case "<" or "<=" or ">" or ">=":
                Same(call, 0, Number, Text, Time);
                return Flag;
            case "+" or "-":
                return Sum(call);
            case "min" or "max":
                return Same(call, 0, Number, Time);
            case "coalesce":
                return Same(call, 0, Number, Flag, Text, Time);
            case "if":
                Demand(call.Arguments[0], TypeOf(call.Arguments[0]), Flag);
                return Same(call, 1, Number, Flag, Text, Time);
            case "is_null":
                TypeOf(call.Arguments[0]);
                return Flag;
            case "hour" or "weekday":
                return All(call, Time, Number);
            case "cross":
                foreach (Expression part in call.Arguments)
                {
                    Demand(part, TypeOf(part), Text, Number, Flag);
                }

                return Text;
            case "time":
                return Moment(call);
            default:
                return All(call, Number, Number);
        }
    }

    private ExpressionType All(Expression call, ExpressionType needed, ExpressionType given)
    {
        foreach (Expression argument in call.Arguments)
        {
            Demand(argument, TypeOf(argument), needed);
        }

        return given;
    }

    /// <summary>The one type of the arguments from an index on.</summary>
    private ExpressionType Same(Expression call, int from, params ExpressionType[] allowed)
    {
        ExpressionType same = Nothing;
        foreach (Expression argument in call.Arguments.Skip(from))
        {
            ExpressionType type = TypeOf(argument);
            if (same != Nothing)
            {
                Demand(argument, type, same);
            }
            else
            {
                Demand(argument, type, allowed);
                same = type;
            }
        }

        return same;
    }

    /// <summary>Numbers, a time and seconds, or the seconds between two times.</summary>
    private ExpressionType Sum(Expression call)
    {
        ExpressionType left = TypeOf(call.Arguments[0]);
        ExpressionType right = TypeOf(call.Arguments[1]);
        bool isDifference = call.Name == "-";
        Demand(call.Arguments[0], left, Number, Time);
        if (right == Time && !(isDifference ? left is Time or Nothing : left is Number or Nothing))
        {
            Demand(call.Arguments[1], right, Number);
        }

        Demand(call.Arguments[1], right, Number, Time);
        return isDifference && right == Time ? Number
            : left == Time || right == Time ? Time
            : Number;
    }

    private ExpressionType Moment(Expression call)
    {
        Expression text = call.Arguments[0];
        return text.Kind == ExpressionKind.Text && DateTimeOffset.TryParse(
            text.Name, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)
                ? Time
                : throw Misfit(text, "it is not a written moment", "a moment in quotes, such as \"2026-01-01T00:00:00Z\"");
    }

    private void Demand(Expression each, ExpressionType type, params ExpressionType[] allowed)
    {
        if (type != Nothing && !allowed.Contains(type))
        {
            throw Misfit(
                each, $"'{each}' is a {Said(type)}", string.Join(" or ", allowed.Select(static one => $"a {Said(one)}")));
        }
    }

    private ExpressionFault Misfit(Expression each, string what, string expected) =>
        new(each.Column, ExpressionErrors.Misfit(_text, each.Column, what, expected));

    private static string Said(ExpressionType type) => type.ToString().ToLowerInvariant();
}
