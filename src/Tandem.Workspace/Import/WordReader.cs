using System.Buffers;

namespace Tandem.Workspace.Import;

/// <summary>Cuts text into words and lines.</summary>
internal sealed class WordReader : IDisposable
{
    private const int MaxWordLength = 1 << 20;
    private static readonly SearchValues<char> Spaces = SearchValues.Create(" \t\r\n");

    private readonly TextReader _text;
    private char[] _buffer = new char[1 << 16];
    private int _start;
    private int _end;

    public WordReader(TextReader text)
    {
        _text = text;
    }

    /// <summary>Line of the last word, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Place of the last word in its line, from 0.</summary>
    public int Index { get; private set; } = -1;

    /// <summary>Reads the next word, on this line or a later one.</summary>
    /// <param name="word">The word, until the next call.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">A word is longer than a million characters: this is no text.</exception>
    public bool TryRead(out ReadOnlySpan<char> word)
    {
        word = default;
        if (!SkipSpaces())
        {
            return false;
        }

        int searched = 0;
        while (true)
        {
            ReadOnlySpan<char> rest = _buffer.AsSpan(_start, _end - _start);
            int length = rest[searched..].IndexOfAny(Spaces);
            if (length >= 0 || !Fill())
            {
                word = length >= 0 ? rest[..(searched + length)] : _buffer.AsSpan(_start, _end - _start);
                _start += word.Length;
                Index++;
                return true;
            }

            searched = rest.Length;
        }
    }

    public void Dispose() => _text.Dispose();

    private bool SkipSpaces()
    {
        while (true)
        {
            while (_start < _end)
            {
                char c = _buffer[_start];
                if (!Spaces.Contains(c))
                {
                    return true;
                }

                _start++;
                if (c == '\n')
                {
                    Line++;
                    Index = -1;
                }
            }

            if (!Fill())
            {
                return false;
            }
        }
    }

    private bool Fill()
    {
        int held = _end - _start;
        if (held >= MaxWordLength)
        {
            throw new InvalidDataException($"line {Line} has a word of more than {MaxWordLength} characters.");
        }

        if (held == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        _buffer.AsSpan(_start, held).CopyTo(_buffer);
        (_start, _end) = (0, held);
        int read = _text.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
