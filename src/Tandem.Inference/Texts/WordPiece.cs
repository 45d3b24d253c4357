using System.Text;

namespace Tandem.Inference.Texts;

/// <summary>Cuts texts into the pieces of a vocabulary and numbers them, as BERT and the models that come from it read
/// texts: words, then the longest known piece first.</summary>
/// <remarks>Devlin and others, 2019; the pieces are those of Wu and others, 2016. Texts are data: a mark such as
/// <c>[SEP]</c> within a text is punctuation and letters. Immutable and thread safe.</remarks>
public sealed class WordPiece
{
    /// <summary>Characters of a word from which on it is unknown as a whole.</summary>
    private const int LongestWord = 100;

    private const string Within = "##";
    private const string Unknown = "[UNK]";
    private const string Begin = "[CLS]";
    private const string End = "[SEP]";
    private const string Padding = "[PAD]";

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _first;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _later;
    private readonly int _longest;
    private readonly int _unknown;
    private readonly int _begin;
    private readonly int _end;

    private WordPiece(Dictionary<string, int> first, Dictionary<string, int> later, int count, bool isLower)
    {
        _first = first.GetAlternateLookup<ReadOnlySpan<char>>();
        _later = later.GetAlternateLookup<ReadOnlySpan<char>>();
        _longest = first.Keys.Concat(later.Keys).Max(static piece => piece.Length);
        Count = count;
        IsLower = isLower;
        string[] missing = [.. new[] { Padding, Unknown, Begin, End }.Where(mark => !first.ContainsKey(mark))];
        if (missing.Length > 0)
        {
            throw InferenceErrors.BadVocabulary($"it has no {string.Join(", ", missing)}");
        }

        (PaddingId, _unknown, _begin, _end) = (first[Padding], first[Unknown], first[Begin], first[End]);
    }

    /// <summary>Pieces of the vocabulary.</summary>
    public int Count { get; }

    /// <summary>True where texts are read in lower case and without accents.</summary>
    public bool IsLower { get; }

    /// <summary>Number of the piece that fills up shorter texts.</summary>
    public int PaddingId { get; }

    /// <summary>Reads a vocabulary.</summary>
    /// <param name="bytes">The file <c>vocab.txt</c>: UTF-8, a piece a line, numbered from 0; a piece within a word begins
    /// with <c>##</c>. Of equal pieces the last counts.</param>
    /// <param name="isLower">True for models that were trained on texts in lower case without accents (uncased).</param>
    /// <exception cref="Faults.TandemException">INF012: it is none, or lacks one of <c>[PAD]</c>, <c>[UNK]</c>,
    /// <c>[CLS]</c> and <c>[SEP]</c>.</exception>
    public static WordPiece Load(ReadOnlySpan<byte> bytes, bool isLower = true)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw InferenceErrors.BadVocabulary("it is not UTF-8");
        }

        Dictionary<string, int> first = new(StringComparer.Ordinal);
        Dictionary<string, int> later = new(StringComparer.Ordinal);
        int count = 0;
        foreach (string ended in text.TrimStart('\uFEFF').TrimEnd('\n').Split('\n'))
        {
            string line = ended.TrimEnd('\r');
            if (line.StartsWith(Within, StringComparison.Ordinal) && line.Length > Within.Length)
            {
                later[line[Within.Length..]] = count++;
            }
            else
            {
                first[line] = count++;
            }
        }

        return new WordPiece(first, later, count, isLower);
    }

    /// <summary>Writes the numbers of a text's pieces between those of <c>[CLS]</c> and <c>[SEP]</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ids">Room for them, 2 at least; what lies beyond is cut off.</param>
    /// <returns>How many were written, 2 at least.</returns>
    public int Write(string text, Span<long> ids)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(ids.Length, 2, nameof(ids));
        ids[0] = _begin;
        int count = 1;
        ReadOnlySpan<char> words = TextCleaner.Clean(text, IsLower);
        Span<int> pieces = stackalloc int[LongestWord];
        foreach (Range range in words.Split(' '))
        {
            if (count == ids.Length - 1)
            {
                break;
            }

            int found = Cut(words[range], pieces);
            for (int i = 0; i < found && count < ids.Length - 1; i++)
            {
                ids[count++] = pieces[i];
            }
        }

        ids[count++] = _end;
        return count;
    }

    /// <summary>Cuts a word; the whole of it is unknown where a part is.</summary>
    private int Cut(ReadOnlySpan<char> word, Span<int> pieces)
    {
        int characters = 0;
        foreach (Rune _ in word.EnumerateRunes())
        {
            characters++;
        }

        int count = 0;
        for (int from = 0; from < word.Length;)
        {
            int length = characters > LongestWord ? 0 : Longest(word[from..], from == 0, out pieces[count]);
            if (length == 0)
            {
                pieces[0] = _unknown;
                return 1;
            }

            from += length;
            count++;
        }

        return count;
    }

    /// <summary>Length of the longest known piece that the rest of a word begins with; 0 for none.</summary>
    private int Longest(ReadOnlySpan<char> rest, bool isFirst, out int id)
    {
        for (int length = Math.Min(rest.Length, _longest); length > 0; length--)
        {
            if ((isFirst ? _first : _later).TryGetValue(rest[..length], out id))
            {
                return length;
            }
        }

        id = _unknown;
        return 0;
    }
}
