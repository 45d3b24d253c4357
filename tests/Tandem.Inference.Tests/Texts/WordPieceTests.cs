using System.Text;
using Tandem.Faults;
using Tandem.Inference.Texts;

namespace Tandem.Inference.Tests.Texts;

public sealed class WordPieceTests
{
    private static readonly string[] Marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];

    // The vocabulary of the tests that were published with BERT, and what those expect of it.
    private static readonly string[] Published =
    [
        .. Marks, "want", "##want", "##ed", "wa", "un", "runn", "##ing", ",", "low", "lowest",
    ];

    [Theory]
    [InlineData("UNwant\u00E9d,running", "un ##want ##ed , runn ##ing")]
    [InlineData("unwanted running", "un ##want ##ed runn ##ing")]
    [InlineData("unwantedX running", "[UNK] runn ##ing")]
    [InlineData("", "")]
    [InlineData(" \t\r\n ", "")]
    [InlineData("lowest low lowed", "lowest low low ##ed")]
    public void Write_CutsAsPublished(string text, string expected) =>
        Assert.Equal(expected, PiecesOf(Published, text));

    [Theory]
    // Spaces and control characters.
    [InlineData(" \tHeLLo!how  \n Are yoU?  ", "hello ! how are you ?")]
    [InlineData("a\u0000b\uFFFDc\u200Bd\u00ADe", "abcde")]
    [InlineData("a\u00A0b\u2028c\u3000d", "a b c d")]
    [InlineData("a\u0085b\u000Bc", "abc")]
    // Accents, composed or not.
    [InlineData("H\u00E9llo He\u0301llo \u01D8", "hello hello u")]
    [InlineData("\u0130stanbul \u00C5ngstr\u00F6m \u212B", "istanbul angstrom a")]
    [InlineData("\u1FA7 \u03A3\u0391\u03A3", "\u03C9 \u03C3\u03B1\u03C3")]
    [InlineData("Stra\u00DFe \u00D8 \u0141", "stra\u00DFe \u00F8 \u0142")]
    // Ideographs stand alone, kana and hangul do not; syllables become letters.
    [InlineData("ah\u535A\u63A8zz", "ah \u535A \u63A8 zz")]
    [InlineData("\uF900\u3042\u304C", "\u8C48 \u3042\u304B")]
    [InlineData("\uD55C\uAE00", "\u1112\u1161\u11AB\u1100\u1173\u11AF")]
    [InlineData("\U00020000a", "\U00020000 a")]
    // Punctuation, with the signs of ASCII that Unicode calls symbols.
    [InlineData("a-b.c$d`e^f", "a - b . c $ d ` e ^ f")]
    [InlineData("\u00ABa\u00BB\u2014b\u3002", "\u00AB a \u00BB \u2014 b \u3002")]
    [InlineData("a\u20ACb \u00D7", "a\u20ACb \u00D7")]
    [InlineData("[SEP] [CLS]", "[ sep ] [ cls ]")]
    [InlineData("\u037E", ";")]
    [InlineData("x \uD800 y", "x y")]
    public void Write_MakesWordsAsBertDoes(string text, string expected)
    {
        string[] words = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(expected, PiecesOf([.. Marks, .. words.Distinct(StringComparer.Ordinal)], text));
    }

    [Theory]
    [InlineData(" \tHeLLo!how  \n Are yoU?  ", "HeLLo ! how Are yoU ?")]
    [InlineData("H\u00E9llo He\u0301llo", "H\u00E9llo He\u0301llo")]
    [InlineData("\uF900\uD55C", "\uF900 \uD55C")]
    public void Write_OfCasedModels_LeavesLettersAsTheyAre(string text, string expected)
    {
        string[] words = expected.Split(' ');

        Assert.Equal(
            expected, PiecesOf([.. Marks, .. words.Distinct(StringComparer.Ordinal)], text, isLower: false));
    }

    [Fact]
    public void Write_OfRandomWords_EqualsTheObviousTwin()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            string[] pieces =
            [
                .. Enumerable.Range(0, 60)
                    .Select(_ => (random.Next(2) == 0 ? "##" : "") + Letters(random, random.Next(1, 4))).Distinct(StringComparer.Ordinal),
            ];
            string word = Letters(random, random.Next(1, 12));

            string found = PiecesOf([.. Marks, .. pieces], word);

            Assert.True(string.Join(' ', Twin(pieces, word)) == found, $"Seed {seed}: {word} as {found}.");
        }
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(101, 1)]
    public void Write_OfALongWord_CallsItUnknownPast100Characters(int letters, int pieces)
    {
        string found = PiecesOf([.. Marks, "a", "##a"], new string('a', letters));

        Assert.Equal(pieces, found.Split(' ').Length);
        Assert.Equal(pieces == 1 ? "[UNK]" : "a", found.Split(' ')[0]);
    }

    [Theory]
    [InlineData(2, "")]
    [InlineData(3, "un")]
    [InlineData(5, "un ##want ##ed")]
    [InlineData(6, "un ##want ##ed ,")]
    public void Write_CutsOffWhatHasNoRoom_WithinAWordToo(int room, string expected) =>
        Assert.Equal(expected, PiecesOf(Published, "unwanted,running", room: room));

    [Fact]
    public void Write_IntoRoomForLessThanNothing_Throws()
    {
        var words = WordPiece.Load(Bytes(Published));

        Assert.Throws<ArgumentOutOfRangeException>(() => words.Write("a", new long[1]));
    }

    [Theory]
    [InlineData("\r\n", true)]
    [InlineData("\n", false)]
    public void Load_ReadsEitherEndOfLine_AMarkAtTheBeginningAndNoEndAtTheEnd(string end, bool isEnded)
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"\uFEFF{string.Join(end, Published)}{(isEnded ? end : "")}");

        var words = WordPiece.Load(bytes);

        Assert.Equal(Published.Length, words.Count);
        long[] ids = new long[8];
        Assert.Equal([2, 13, 3], ids[..words.Write("lowest", ids)]);
    }

    [Fact]
    public void Load_OfEqualPieces_TakesTheLast()
    {
        var words = WordPiece.Load(Bytes([.. Published, "low"]));
        long[] ids = new long[8];

        Assert.Equal([2, 14, 3], ids[..words.Write("low", ids)]);
    }

    [Theory]
    [InlineData("", "[PAD], [UNK], [CLS], [SEP]")]
    [InlineData("[PAD]\n[UNK]\nlow\n[SEP]", "no [CLS]")]
    public void Load_OfWhatIsNoVocabulary_SaysWhatItLacks(string text, string part)
    {
        Fault fault = Assert.Throws<TandemException>(() => WordPiece.Load(Encoding.UTF8.GetBytes(text))).Faults[0];

        Assert.Equal("INF012", fault.Code);
        Assert.Contains(part, fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfBytesThatAreNoText_IsRefused() => Assert.Equal(
        "INF012", Assert.Throws<TandemException>(() => WordPiece.Load([0xFF, 0xFE, 0xC0])).Faults[0].Code);

    private static byte[] Bytes(string[] pieces) => Encoding.UTF8.GetBytes(string.Join('\n', pieces));

    private static string PiecesOf(string[] vocabulary, string text, bool isLower = true, int room = 200)
    {
        var words = WordPiece.Load(Bytes(vocabulary), isLower);
        long[] ids = new long[room];
        string[] pieces = [.. ids.Take(words.Write(text, ids)).Select(id => vocabulary[id])];
        Assert.Equal("[CLS]", pieces[0]);
        Assert.Equal("[SEP]", pieces[^1]);
        return string.Join(' ', pieces[1..^1]);
    }

    private static string Letters(Random random, int count) =>
        new([.. Enumerable.Range(0, count).Select(_ => (char)('a' + random.Next(3)))]);

    // Longest match first, written as the paper says it.
    private static List<string> Twin(string[] pieces, string word)
    {
        List<string> found = [];
        string rest = word;
        while (rest.Length > 0)
        {
            string[] fitting =
            [
                .. pieces.Where(piece => found.Count == 0
                    ? !piece.StartsWith('#') && rest.StartsWith(piece, StringComparison.Ordinal)
                    : piece.StartsWith('#') && rest.StartsWith(piece[2..], StringComparison.Ordinal)),
            ];
            if (fitting.Length == 0)
            {
                return ["[UNK]"];
            }

            string longest = fitting.MaxBy(static piece => piece.Length)!;
            rest = rest[(found.Count == 0 ? longest.Length : longest.Length - 2)..];
            found.Add(longest);
        }

        return found;
    }
}
