using System.Text;

namespace Tandem.House;

/// <summary>A C# text taken apart: its code without comments and literals, its literals, and its comments, each with its
/// line.</summary>
/// <remarks>Knows ordinary, verbatim, raw and interpolated strings; code inside interpolation holes counts as code.
/// Line numbers of the code equal those of the text.</remarks>
internal sealed class SourceText
{
    private readonly StringBuilder _code = new();
    private readonly List<Piece> _literals = [];
    private readonly List<Piece> _comments = [];
    private readonly string _text;
    private int _at;
    private int _line = 1;

    private SourceText(string text)
    {
        _text = text;
    }

    public string[] CodeLines => _code.ToString().Split('\n');

    public IReadOnlyList<Piece> Literals => _literals;

    public IReadOnlyList<Piece> Comments => _comments;

    public static SourceText Parse(string text)
    {
        SourceText source = new(text.ReplaceLineEndings("\n"));
        source.ReadCode(endsAtBrace: false);
        return source;
    }

    private void ReadCode(bool endsAtBrace)
    {
        int depth = 0;
        while (_at < _text.Length)
        {
            char c = _text[_at];
            if (endsAtBrace && c == '}' && depth == 0)
            {
                return;
            }

            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (Starts("//"))
            {
                ReadComment("\n");
            }
            else if (Starts("/*"))
            {
                ReadComment("*/");
            }
            else if (c == '\'')
            {
                ReadCharacter();
            }
            else if (c == '"')
            {
                ReadString(dollars: 0, verbatim: false);
            }
            else if (c is '$' or '@' && TryReadPrefix(out int dollars, out bool verbatim))
            {
                ReadString(dollars, verbatim);
            }
            else
            {
                _code.Append(c);
                Advance();
            }
        }
    }

    private bool TryReadPrefix(out int dollars, out bool verbatim)
    {
        int end = _at;
        while (end < _text.Length && _text[end] is '$' or '@')
        {
            end++;
        }

        string prefix = _text[_at..end];
        dollars = prefix.Count(c => c == '$');
        verbatim = prefix.Contains('@', StringComparison.Ordinal);
        if (end >= _text.Length || _text[end] != '"')
        {
            return false;
        }

        _at = end;
        return true;
    }

    private void ReadComment(string end)
    {
        int line = _line;
        int close = _text.IndexOf(end, _at, StringComparison.Ordinal);
        int stop = close < 0 ? _text.Length : end == "\n" ? close : close + end.Length;
        _comments.Add(new Piece(line, _text[_at..stop]));
        AdvanceTo(stop);
    }

    private void ReadCharacter()
    {
        int stop = _at + 1;
        while (stop < _text.Length && _text[stop] != '\'')
        {
            stop += _text[stop] == '\\' ? 2 : 1;
        }

        AdvanceTo(Math.Min(stop + 1, _text.Length));
        _code.Append("' '");
    }

    private void ReadString(int dollars, bool verbatim)
    {
        int quotes = 0;
        while (_at + quotes < _text.Length && _text[_at + quotes] == '"')
        {
            quotes++;
        }

        bool raw = !verbatim && quotes >= 3;
        string fence = raw ? new string('"', quotes) : "\"";
        int braces = raw ? dollars : Math.Min(dollars, 1);
        string hole = braces == 0 ? "" : new string('{', braces);
        StringBuilder text = new();
        int line = _line;
        AdvanceTo(_at + fence.Length);
        while (_at < _text.Length && (!Starts(fence) || (verbatim && Starts("\"\""))))
        {
            bool escaped = verbatim ? Starts("\"\"") : !raw && _text[_at] == '\\';
            if (escaped)
            {
                Take(text, 2);
            }
            else if (hole.Length > 0 && !raw && (Starts("{{") || Starts("}}")))
            {
                Take(text, 2);
            }
            else if (hole.Length > 0 && Starts(hole))
            {
                AdvanceTo(_at + hole.Length);
                ReadCode(endsAtBrace: true);
                AdvanceTo(Math.Min(_at + hole.Length, _text.Length));
                text.Append("{}");
            }
            else
            {
                Take(text, 1);
            }
        }

        AdvanceTo(Math.Min(_at + fence.Length, _text.Length));
        _code.Append("\"\"");
        _literals.Add(new Piece(line, text.ToString()));
    }

    private bool Starts(string start) => string.CompareOrdinal(_text, _at, start, 0, start.Length) == 0;

    private void Take(StringBuilder target, int count)
    {
        int stop = Math.Min(_at + count, _text.Length);
        target.Append(_text, _at, stop - _at);
        AdvanceTo(stop);
    }

    private void Advance()
    {
        _line += _text[_at] == '\n' ? 1 : 0;
        _at++;
    }

    private void AdvanceTo(int stop)
    {
        while (_at < stop)
        {
            if (_text[_at] == '\n')
            {
                _code.Append('\n');
            }

            Advance();
        }
    }

    /// <summary>A literal or a comment.</summary>
    /// <param name="Line">Line it starts on, from 1.</param>
    /// <param name="Text">Its text: of a literal without quotes, of a comment with its slashes.</param>
    public readonly record struct Piece(int Line, string Text);
}
