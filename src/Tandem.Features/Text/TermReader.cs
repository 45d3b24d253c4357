using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tandem.Features.Text;

/// <summary>Reads the terms of a text: its words in lower case, and each run of up to some words, joined by one space.</summary>
/// <remarks>A word is a run of letters, digits and marks of any script; an apostrophe between two of them belongs to it.
/// Scripts without spaces (Han, Hiragana, Katakana) give a word a character, so that runs of words are their n-grams.
/// Letter case is folded one character at a time, by Unicode, the same everywhere; accents stay.</remarks>
internal ref struct TermReader : IDisposable
{
    private readonly char[] _text;
    private readonly int[] _bounds;
    private readonly int _maxWords;
    private int _word;
    private int _words;

    /// <summary>Finds the words.</summary>
    /// <param name="text">Any text; what is not Unicode parts words.</param>
    /// <param name="maxWords">Most words of a term, at least 1.</param>
    public TermReader(ReadOnlySpan<char> text, int maxWords)
    {
        _maxWords = maxWords;
        _word = -1;
        _words = maxWords;

        // A character becomes at most itself and a space; a word begins and ends with at least one character.
        _text = ArrayPool<char>.Shared.Rent((2 * text.Length) + 1);
        _bounds = ArrayPool<int>.Shared.Rent((2 * text.Length) + 2);
        WordCount = Split(text);
    }

    /// <summary>How many words the text has.</summary>
    public int WordCount { get; }

    /// <summary>The term, valid until the reader is disposed.</summary>
    public readonly ReadOnlySpan<char> Current
    {
        get
        {
            int start = _bounds[2 * _word];
            return _text.AsSpan(start, _bounds[(2 * (_word + _words - 1)) + 1] - start);
        }
    }

    /// <summary>Goes to the next term: all that begin with a word, shortest first, then those of the next word.</summary>
    public bool MoveNext()
    {
        if (_words < _maxWords && _word + _words < WordCount)
        {
            _words++;
            return true;
        }

        _words = 1;
        return ++_word < WordCount;
    }

    /// <summary>Gives the memory back.</summary>
    public readonly void Dispose()
    {
        ArrayPool<char>.Shared.Return(_text);
        ArrayPool<int>.Shared.Return(_bounds);
    }

    private static bool StandsAlone(Rune rune) => rune.Value is (>= 0x3041 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    private static bool IsOfWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private readonly int Split(ReadOnlySpan<char> text)
    {
        int words = 0;
        int end = 0;
        bool isOpen = false;
        for (int at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text[at..], out Rune rune, out int length);
            at += length;
            bool isWord = IsOfWord(rune);
            bool isAlone = isWord && Rune.IsLetter(rune) && StandsAlone(rune);
            if (!isWord && isOpen && rune.Value is '\'' or '’' && BeginsWithLetter(text[at..]))
            {
                _text[end++] = '\'';
                continue;
            }

            if (isOpen && (!isWord || isAlone))
            {
                _bounds[(2 * words++) + 1] = end;
                _text[end++] = ' ';
                isOpen = false;
            }

            if (isWord)
            {
                if (!isOpen)
                {
                    _bounds[2 * words] = end;
                    isOpen = true;
                }

                end += Rune.ToLowerInvariant(rune).EncodeToUtf16(_text.AsSpan(end));
                if (isAlone)
                {
                    _bounds[(2 * words++) + 1] = end;
                    _text[end++] = ' ';
                    isOpen = false;
                }
            }
        }

        if (isOpen)
        {
            _bounds[(2 * words++) + 1] = end;
        }

        return words;
    }

    private static bool BeginsWithLetter(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out Rune rune, out _);
        return Rune.IsLetterOrDigit(rune) && !StandsAlone(rune);
    }
}
