using System.Globalization;
using System.Text;

namespace Tandem.Spec.Expressions;

/// <summary>Cuts the text of an expression into words.</summary>
internal sealed class ExpressionLexer(string text)
{
    /// <summary>Words that cannot be names.</summary>
    public static readonly string[] Keywords = ["and", "or", "not", "true", "false", "null"];

    private static readonly string[] Signs = ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")", ","];

    private int _at;

    public ExpressionToken Next()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\n' or '\r')
        {
            _at++;
        }

        if (_at == text.Length)
        {
            return new ExpressionToken(ExpressionKind.Nothing, "", 0, _at + 1);
        }

        char first = text[_at];
        return char.IsAsciiDigit(first) || (first == '.' && char.IsAsciiDigit(At(_at + 1))) ? Number()
            : first is '"' or '\'' ? Quoted(first)
            : first == '`' ? Exact()
            : IsLetter(first) ? Word()
            : Sign();
    }

    /// <summary>True where a name needs no back quotes.</summary>
    public static bool IsPlain(string name)
    {
        if (name.Length == 0 || !IsLetter(name[0]) || Keywords.Contains(name, StringComparer.Ordinal))
        {
            return false;
        }

        for (int i = 1; i < name.Length; i++)
        {
            bool isJoin = name[i] is '.' or ':' && i + 1 < name.Length && IsPart(name[i + 1]);
            if (!isJoin && !IsPart(name[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLetter(char each) => char.IsAsciiLetter(each) || each == '_';

    private static bool IsPart(char each) => char.IsAsciiLetterOrDigit(each) || each == '_';

    private char At(int index) => index < text.Length ? text[index] : '\0';

    private ExpressionToken Number()
    {
        int start = _at;
        Digits();
        if (At(_at) == '.')
        {
            _at++;
            Digits();
        }

        int exponent = At(_at + 1) is '+' or '-' ? _at + 2 : _at + 1;
        if (At(_at) is 'e' or 'E' && char.IsAsciiDigit(At(exponent)))
        {
            _at = exponent;
            Digits();
        }

        string said = text[start.._at];
        return double.TryParse(said, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) && !IsPart(At(_at))
                ? new ExpressionToken(ExpressionKind.Number, said, number, start + 1)
                : throw new ExpressionFault(
                    start + 1, ExpressionErrors.Syntax(text, start + 1, $"'{said}{At(_at)}' is no number"));
    }

    private void Digits()
    {
        while (char.IsAsciiDigit(At(_at)))
        {
            _at++;
        }
    }

    private ExpressionToken Quoted(char quote)
    {
        int start = _at++;
        StringBuilder said = new();
        for (; At(_at) != quote; _at++)
        {
            if (At(_at) == '\\' && At(_at + 1) is '\\' or '"' or '\'')
            {
                _at++;
            }

            if (_at >= text.Length)
            {
                throw new ExpressionFault(
                    start + 1, ExpressionErrors.Syntax(text, start + 1, "a text begins here and does not end"));
            }

            said.Append(text[_at]);
        }

        _at++;
        return new ExpressionToken(ExpressionKind.Text, said.ToString(), 0, start + 1);
    }

    private ExpressionToken Exact()
    {
        int start = _at;
        int end = text.IndexOf('`', start + 1);
        if (end <= start + 1)
        {
            throw new ExpressionFault(
                start + 1, ExpressionErrors.Syntax(text, start + 1, "a name begins here and does not end"));
        }

        _at = end + 1;
        return new ExpressionToken(ExpressionKind.Name, text[(start + 1)..end], 0, start + 1);
    }

    private ExpressionToken Word()
    {
        int start = _at;
        while (IsPart(At(_at)) || (At(_at) is '.' or ':' && IsPart(At(_at + 1))))
        {
            _at++;
        }

        string said = text[start.._at];
        ExpressionKind kind = Keywords.Contains(said, StringComparer.Ordinal) ? ExpressionKind.Call : ExpressionKind.Name;
        return new ExpressionToken(kind, said, 0, start + 1);
    }

    private ExpressionToken Sign()
    {
        string sign = Array.Find(Signs, sign => text.AsSpan(_at).StartsWith(sign, StringComparison.Ordinal))
            ?? throw new ExpressionFault(
                _at + 1, ExpressionErrors.Syntax(
                    text, _at + 1, $"'{Yaml.ScalarNode.Quote(text[_at..(_at + 1)])}' has no meaning"));

        _at += sign.Length;
        return new ExpressionToken(ExpressionKind.Call, sign, 0, _at - sign.Length + 1);
    }
}
