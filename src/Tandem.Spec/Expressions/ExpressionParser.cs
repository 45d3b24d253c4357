namespace Tandem.Spec.Expressions;

/// <summary>Reads an expression by recursive descent. Weakest first: <c>or</c>, <c>and</c>, <c>not</c>, one comparison,
/// <c>+ -</c>, <c>* /</c>, a sign.</summary>
internal sealed class ExpressionParser
{
    private readonly string _text;
    private readonly ExpressionLexer _lexer;
    private ExpressionToken _token;
    private int _depth;

    public ExpressionParser(string text)
    {
        if (text.Length > Expression.LongestText)
        {
            throw new ExpressionFault(1, ExpressionErrors.TooLong(text.Length));
        }

        _text = text;
        _lexer = new ExpressionLexer(text);
        _token = _lexer.Next();
    }

    /// <exception cref="ExpressionFault">It cannot be read.</exception>
    public Expression Parse()
    {
        Expression whole = Or();
        return _token.Kind == ExpressionKind.Nothing ? whole : throw Unexpected("an operator, or the end");
    }

    private Expression Or() => Chain(And, "or");

    private Expression And() => Chain(Not, "and");

    private Expression Not()
    {
        if (!_token.Is("not"))
        {
            return Comparison();
        }

        int column = Take().Column;
        return Expression.Call("not", column, Deeper(Not));
    }

    private Expression Comparison()
    {
        Expression left = Sum();
        if (!ExpressionFunctions.Comparisons.Any(_token.Is))
        {
            return left;
        }

        ExpressionToken sign = Take();
        return Expression.Call(sign.Text, sign.Column, left, Sum());
    }

    private Expression Sum() => Chain(Product, "+", "-");

    private Expression Product() => Chain(Sign, "*", "/");

    private Expression Sign()
    {
        if (!_token.Is("-"))
        {
            return Primary();
        }

        int column = Take().Column;
        return Expression.Call(ExpressionFunctions.Negate, column, Deeper(Sign));
    }

    private Expression Primary()
    {
        ExpressionToken token = _token;
        switch (token.Kind)
        {
            case ExpressionKind.Number or ExpressionKind.Text:
                Take();
                return Expression.Constant(token.Kind, token.Kind == ExpressionKind.Text ? token.Text : "", token.Number, token.Column);
            case ExpressionKind.Name:
                Take();
                return _token.Is("(") && _text[token.Column - 1] != '`'
                    ? Function(token)
                    : Expression.Constant(ExpressionKind.Name, token.Text, 0, token.Column);
            case ExpressionKind.Call when token.Text is "true" or "false":
                Take();
                return Expression.Constant(ExpressionKind.Flag, "", token.Text == "true" ? 1 : 0, token.Column);
            case ExpressionKind.Call when token.Text == "null":
                Take();
                return Expression.Constant(ExpressionKind.Nothing, "", 0, token.Column);
            case ExpressionKind.Call when token.Text == "(":
                Take();
                Expression inner = Deeper(Or);
                Demand(")");
                return inner;
            default:
                throw Unexpected("a number, a text, a name or a bracket");
        }
    }

    private Expression Function(ExpressionToken name)
    {
        if (ExpressionFunctions.Find(name.Text) is not { } function)
        {
            throw new ExpressionFault(
                name.Column, ExpressionErrors.UnknownFunction(_text, name.Column, name.Text, ExpressionFunctions.Names));
        }

        Take();
        List<Expression> arguments = [];
        while (!_token.Is(")"))
        {
            if (arguments.Count > 0)
            {
                Demand(",");
            }

            arguments.Add(Deeper(Or));
        }

        Take();
        return arguments.Count >= function.Fewest && arguments.Count <= function.Most
            ? Expression.Call(name.Text, name.Column, arguments)
            : throw new ExpressionFault(
                name.Column, ExpressionErrors.Syntax(
                    _text, name.Column, $"'{name.Text}' has {arguments.Count} arguments", function.Said));
    }

    private Expression Chain(Func<Expression> operand, params string[] signs)
    {
        Expression left = operand();
        while (Array.Exists(signs, _token.Is))
        {
            ExpressionToken sign = Take();
            left = Expression.Call(sign.Text, sign.Column, left, operand());
        }

        return left;
    }

    private Expression Deeper(Func<Expression> part)
    {
        if (++_depth > Expression.DeepestNesting)
        {
            throw new ExpressionFault(
                _token.Column, ExpressionErrors.Syntax(
                    _text, _token.Column, $"it is nested more than {Expression.DeepestNesting} deep",
                    "an expression that is written in several columns"));
        }

        Expression inner = part();
        _depth--;
        return inner;
    }

    private ExpressionToken Take()
    {
        ExpressionToken taken = _token;
        _token = _lexer.Next();
        return taken;
    }

    private void Demand(string sign)
    {
        if (!_token.Is(sign))
        {
            throw Unexpected($"'{sign}'");
        }

        Take();
    }

    private ExpressionFault Unexpected(string expected) => new(
        _token.Column, ExpressionErrors.Syntax(_text, _token.Column, $"{_token.Said} stands here", expected));
}
