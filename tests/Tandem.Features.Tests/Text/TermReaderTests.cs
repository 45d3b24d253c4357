using System.Globalization;
using Tandem.Features.Text;

namespace Tandem.Features.Tests.Text;

public sealed class TermReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  ... !? ", "")]
    [InlineData("The quick, brown FOX.", "the|quick|brown|fox")]
    [InlineData("don't stop — l’été's 'quoted' dogs'", "don't|stop|l'été's|quoted|dogs")]
    [InlineData("C3PO v2.0 3,5", "c3po|v2|0|3|5")]
    [InlineData("ÄRGER Ünïcode ΣΟΦΙΑ ЖУК İ", "ärger|ünïcode|σοφια|жук|İ")]
    [InlineData("e\u0301te\u0301 naïve", "e\u0301te\u0301|naïve")]
    [InlineData("東京タワーへ go", "東|京|タ|ワ|ー|へ|go")]
    [InlineData("abc東def", "abc|東|def")]
    [InlineData("हिन्दी العربية 한국어 ไทย", "हिन्दी|العربية|한국어|ไทย")]
    [InlineData("𝒳y 𠀀 😀ok", "𝒳y|𠀀|ok")]
    [InlineData("a_b\u00A0c\td\ne", "a|b|c|d|e")]
    public void MoveNext_OverWords_FindsThemInLowerCase(string text, string words) =>
        Assert.Equal(words, string.Join('|', Read(text, 1)));

    [Fact]
    public void MoveNext_OverRuns_GivesEachThatBeginsWithAWord() =>
        Assert.Equal("a|a b|a b c|b|b c|b c d|c|c d|d", string.Join('|', Read("A, b; (c) D", 3)));

    [Fact]
    public void MoveNext_OverTornSurrogates_PartsWordsThere() =>
        Assert.Equal("a|b", string.Join('|', Read("a\uD800b\uDC00", 1)));

    [Fact]
    public void MoveNext_OverRandomTexts_AgreesWithTheTwin()
    {
        const string Alphabet = "abAB19 .,'’-é\u0301東タ😀𠀀Σ\uD800";
        for (int seed = 1; seed <= 2000; seed++)
        {
            var random = new Random(seed);
            char[] text = new char[random.Next(0, 30)];
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = Alphabet[random.Next(Alphabet.Length)];
            }

            int maxWords = random.Next(1, 5);
            string[] words = [.. TextTwin.Words(new string(text))];

            List<string> read = Read(new string(text), maxWords);

            Assert.True(
                TextTwin.Terms(words, maxWords).SequenceEqual(read, StringComparer.Ordinal),
                $"seed {seed}: {string.Join('|', read)} of {string.Join(' ', text.Select(c => ((int)c).ToString("x", CultureInfo.InvariantCulture)))}");
        }
    }

    private static List<string> Read(string text, int maxWords)
    {
        using var reader = new TermReader(text, maxWords);
        List<string> terms = [];
        while (reader.MoveNext())
        {
            terms.Add(reader.Current.ToString());
        }

        return terms;
    }
}
