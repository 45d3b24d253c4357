using System.Runtime.InteropServices;

namespace Tandem.Features.Text;

/// <summary>What a corpus taught about words: which terms there are, in how many texts each, how long texts are. Turns
/// texts into vectors of term counts, TF-IDF or BM25.</summary>
/// <remarks>To be fitted on the training part alone and stored with the model. Columns are the terms in order of their
/// UTF-16 units, so the same texts in any order give the same statistics, byte for byte. Safe for any number of threads.
/// Writing a vector allocates nothing; O(characters) and a sort of the terms. Saved as
/// <c>docs/formats/text-statistics.md</c> says.</remarks>
public sealed partial class TextStatistics
{
    private readonly string[] _terms;
    private readonly int[] _documents;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _columns;

    private TextStatistics(string[] terms, int[] documents, int maxWords, long documentCount, long wordCount)
    {
        _terms = terms;
        _documents = documents;
        MaxWords = maxWords;
        DocumentCount = documentCount;
        WordCount = wordCount;
        Dictionary<string, int> columns = new(terms.Length, StringComparer.Ordinal);
        for (int i = 0; i < terms.Length; i++)
        {
            columns.Add(terms[i], i);
        }

        _columns = columns.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Length of a vector: how many terms there are.</summary>
    public int Length => _terms.Length;

    /// <summary>Texts of the corpus.</summary>
    public long DocumentCount { get; }

    /// <summary>Words of the corpus, known and unknown.</summary>
    public long WordCount { get; }

    /// <summary>Most words of a term.</summary>
    public int MaxWords { get; }

    /// <summary>Learns from a corpus.</summary>
    /// <param name="texts">The texts, read once.</param>
    /// <param name="options">Which terms to keep; the defaults where null.</param>
    /// <param name="cancellationToken">Stops between two texts.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <remarks>Holds every distinct term of the corpus until the end.</remarks>
    public static TextStatistics Fit(
        IEnumerable<string> texts, TextStatisticsOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new TextStatisticsOptions();
        Dictionary<string, Seen> seen = new(StringComparer.Ordinal);
        Dictionary<string, Seen>.AlternateLookup<ReadOnlySpan<char>> lookup = seen.GetAlternateLookup<ReadOnlySpan<char>>();
        long documents = 0;
        long words = 0;
        foreach (string text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            documents++;
            using var reader = new TermReader(text, options.MaxWords);
            words += reader.WordCount;
            while (reader.MoveNext())
            {
                ref Seen term = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, reader.Current, out _);
                term.Documents += term.LastDocument == documents ? 0 : 1;
                term.LastDocument = documents;
            }
        }

        string[] terms =
        [
            .. seen.Where(pair => pair.Value.Documents >= options.MinDocuments)
                .OrderByDescending(static pair => pair.Value.Documents)
                .ThenBy(static pair => pair.Key, StringComparer.Ordinal)
                .Take(options.MaxTerms)
                .Select(static pair => pair.Key)
                .Order(StringComparer.Ordinal),
        ];
        return new TextStatistics(terms, [.. terms.Select(term => seen[term].Documents)], options.MaxWords, documents, words);
    }

    /// <summary>The term of a column.</summary>
    /// <param name="column">Its position, from 0 to <see cref="Length"/>, exclusive.</param>
    public string Term(int column) => _terms[column];

    /// <summary>In how many texts of the corpus the term of a column was.</summary>
    /// <param name="column">Its position, from 0 to <see cref="Length"/>, exclusive.</param>
    public int Documents(int column) => _documents[column];

    /// <summary>Entries that a text of so many characters may have at most.</summary>
    /// <param name="characters">Characters of the text.</param>
    public int RoomFor(int characters) => checked(characters * MaxWords);

    /// <summary>Writes how often each known term is in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="columns">Room for the columns, <see cref="RoomFor"/> its characters; rising.</param>
    /// <param name="values">Room for their values, as many.</param>
    /// <returns>How many entries were written.</returns>
    /// <exception cref="ArgumentException">There is too little room.</exception>
    public int WriteCounts(ReadOnlySpan<char> text, Span<int> columns, Span<float> values) =>
        Count(text, columns, values, out _);

    /// <summary>Writes the TF-IDF vector of a text: how often a term is in it, times ln((1 + N) / (1 + n)) + 1 for a term
    /// in n of N texts, scaled to length 1.</summary>
    /// <inheritdoc cref="WriteCounts"/>
    public int WriteTfIdf(ReadOnlySpan<char> text, Span<int> columns, Span<float> values)
    {
        int count = Count(text, columns, values, out _);
        for (int i = 0; i < count; i++)
        {
            values[i] *= (float)(Math.Log((1.0 + DocumentCount) / (1 + _documents[columns[i]])) + 1);
        }

        TextVector.Normalise(values[..count]);
        return count;
    }

    /// <summary>Writes the BM25 vector of a text that is searched: its inner product with the counts of a question
    /// (<see cref="WriteCounts"/>) is the text's score.</summary>
    /// <param name="text">The text.</param>
    /// <param name="columns">Room for the columns, <see cref="RoomFor"/> its characters; rising.</param>
    /// <param name="values">Room for their values, as many.</param>
    /// <param name="saturation">k₁: how soon more of the same term stops to count, ≥ 0; 1.2 by default.</param>
    /// <param name="lengthShare">b: how much long texts are held against their length, from 0 to 1; 0.75 by default.</param>
    /// <returns>How many entries were written.</returns>
    /// <exception cref="ArgumentException">There is too little room, or a setting is outside its range.</exception>
    /// <remarks>For a term f times in a text of w words: idf · f · (k₁ + 1) / (f + k₁ · (1 − b + b · w / mean)), with
    /// idf = ln(1 + (N − n + ½) / (n + ½)). S. Robertson and H. Zaragoza, The probabilistic relevance framework: BM25 and
    /// beyond (2009).</remarks>
    public int WriteBm25(
        ReadOnlySpan<char> text, Span<int> columns, Span<float> values, double saturation = 1.2, double lengthShare = 0.75)
    {
        if (!(saturation >= 0) || !(lengthShare >= 0 && lengthShare <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(saturation), $"k₁ = {saturation} must be at least 0, b = {lengthShare} within 0 and 1.");
        }

        int count = Count(text, columns, values, out int words);
        double mean = WordCount > 0 ? (double)WordCount / DocumentCount : 1;
        double damp = saturation * (1 - lengthShare + (lengthShare * words / mean));
        for (int i = 0; i < count; i++)
        {
            double within = _documents[columns[i]];
            double idf = Math.Log(1 + ((DocumentCount - within + 0.5) / (within + 0.5)));
            values[i] = (float)(idf * values[i] * (saturation + 1) / (values[i] + damp));
        }

        return count;
    }

    private int Count(ReadOnlySpan<char> text, Span<int> columns, Span<float> values, out int words)
    {
        if (columns.Length < RoomFor(text.Length) || values.Length < RoomFor(text.Length))
        {
            throw new ArgumentException($"The text needs room for {RoomFor(text.Length)} entries.", nameof(columns));
        }

        int count = 0;
        using var terms = new TermReader(text, MaxWords);
        words = terms.WordCount;
        while (terms.MoveNext())
        {
            if (_columns.TryGetValue(terms.Current, out int column))
            {
                columns[count] = column;
                values[count++] = 1;
            }
        }

        return TextVector.Merge(columns[..count], values[..count]);
    }

    /// <summary>In how many texts a term was seen so far, and in which it was last.</summary>
    private struct Seen
    {
        public int Documents;
        public long LastDocument;
    }
}
