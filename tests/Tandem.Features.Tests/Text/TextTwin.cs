using System.Globalization;
using System.Text;

namespace Tandem.Features.Tests.Text;

/// <summary>The slow way: characters are marked as of a word or not, then words are cut out.</summary>
internal static class TextTwin
{
    public static IEnumerable<string> Words(string text)
    {
        Rune[] runes = [.. text.EnumerateRunes(), new Rune(' ')];
        StringBuilder word = new();
        for (int i = 0; i < runes.Length; i++)
        {
            bool joins = runes[i].Value is '\'' or 0x2019 && word.Length > 0
                && Rune.IsLetterOrDigit(runes[i + 1]) && !IsEastAsian(runes[i + 1]);
            if (joins || (IsOfWord(runes[i]) && !IsEastAsian(runes[i])))
            {
                word.Append(joins ? "'" : Rune.ToLowerInvariant(runes[i]).ToString());
                continue;
            }

            if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }

            if (IsEastAsian(runes[i]))
            {
                yield return runes[i].ToString();
            }
        }
    }

    public static IEnumerable<string> Terms(string[] words, int maxWords) =>
        from start in Enumerable.Range(0, words.Length)
        from count in Enumerable.Range(1, maxWords)
        where start + count <= words.Length
        select string.Join(' ', words[start..(start + count)]);

    private static bool IsOfWord(Rune rune) =>
        char.IsLetterOrDigit(rune.ToString(), 0) || CharUnicodeInfo.GetUnicodeCategory(rune.Value) is
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsEastAsian(Rune rune) => rune.Value is '東' or 'タ' || rune.Value >= 0x20000;
}
