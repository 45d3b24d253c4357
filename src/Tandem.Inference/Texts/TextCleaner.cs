using System.Globalization;
using System.Text;

namespace Tandem.Inference.Texts;

/// <summary>Makes words of a text as BERT's basic tokeniser does: control characters out, ideographs and punctuation each
/// a word, perhaps in lower case and without accents.</summary>
internal static class TextCleaner
{
    /// <summary>The words of a text, with spaces between: one or more.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isLower">True for lower case without accents.</param>
    public static string Clean(string text, bool isLower)
    {
        StringBuilder words = new(text.Length + 16);
        Span<int> room = stackalloc int[3];
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsSpace(rune))
            {
                words.Append(' ');
            }
            else if (rune.Value == 0 || rune == Rune.ReplacementChar || IsControl(rune))
            {
                continue;
            }
            else if (!isLower)
            {
                Add(words, rune, IsIdeograph(rune.Value));
            }
            else if (Decompositions.Of(rune.Value, room) is { IsEmpty: false } parts)
            {
                foreach (int part in parts)
                {
                    Add(words, Rune.ToLowerInvariant(new Rune(part)), IsIdeograph(rune.Value));
                }
            }
            else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                Add(words, Rune.ToLowerInvariant(rune), IsIdeograph(rune.Value));
            }
        }

        return words.ToString();
    }

    private static void Add(StringBuilder words, Rune rune, bool isIdeograph)
    {
        bool isAlone = isIdeograph || IsPunctuation(rune);
        if (isAlone)
        {
            words.Append(' ');
        }

        words.Append(rune);
        if (isAlone)
        {
            words.Append(' ');
        }
    }

    // Of the control characters, three are spaces.
    private static bool IsSpace(Rune rune) =>
        rune.Value is '\t' or '\n' or '\r' || (Rune.IsWhiteSpace(rune) && !IsControl(rune));

    private static bool IsControl(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned;

    // All that is neither letter, digit nor space in ASCII, such as $, whatever Unicode calls it.
    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is >= '!' and <= '~' && !Rune.IsLetterOrDigit(rune)
        : Rune.IsPunctuation(rune);

    private static bool IsIdeograph(int point) => point
        is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x2A6DF
            or >= 0x2A700 and <= 0x2B73F or >= 0x2B740 and <= 0x2B81F or >= 0x2B820 and <= 0x2CEAF
            or >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F;
}
